import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { HeldBytes } from '@hearken/core/conformance';

let collect: (() => void) | undefined;

/** The memory that this process uses, after garbage collection and the releases that it triggers. */
export async function heldBytes(): Promise<HeldBytes> {
  collect ??= collector();
  collect();
  await turn();
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { values: heapUsed + external, process: rss };
}

/** The garbage collector, which Node.js only exposes with a flag. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
