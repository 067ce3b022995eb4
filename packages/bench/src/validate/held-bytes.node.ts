import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { HeldBytes } from '@hearken/core/conformance';

let collect: (() => void) | undefined;

/** What this process holds, once garbage was collected and what is freed after that was. */
export async function heldBytes(): Promise<HeldBytes> {
  collect ??= collector();
  collect();
  await turn();
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { values: heapUsed + external, process: rss };
}

/** The collector, which Node.js hands out only where a flag says so. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
