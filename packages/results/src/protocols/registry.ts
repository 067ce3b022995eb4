import { didYouMean, OptionError } from '@hearken/core';
import ecgFoundation from './ecg-foundation.js';
import hear2021 from './hear-2021.js';
import hearHealth from './hear-health.js';
import icbhi from './icbhi.js';
import opera from './opera.js';
import type { Protocol } from './protocol.js';

/** All protocols, as `hearken protocols list` shows them. */
export const protocols: readonly Protocol[] = [hear2021, hearHealth, icbhi, ecgFoundation, opera];

/**
 * The protocol with a name.
 *
 * @throws OptionError for an unknown name, with the nearest known one
 */
export function protocolByName(name: string): Protocol {
  const found = protocols.find((protocol) => protocol.name === name);
  if (found !== undefined) return found;
  const known = protocols.map((protocol) => protocol.name);
  throw new OptionError({
    asked: `protocol '${name}'`,
    found: 'no such protocol',
    fix: `${didYouMean(name, known)}known: ${known.join(', ')}`,
  });
}
