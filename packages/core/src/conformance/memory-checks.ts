import { signalBatch } from '../signals.js';
import { broken, clipSamples, type ConformanceCheck, type HeldBytes } from './check.js';

/** Warm-up calls, during which caches fill and code is compiled; two measured rounds follow; 100 calls in all. */
const warmUpCalls = 20;
const callsOfRound = 40;
const samplesOfRound = 8;

/** About how long to measure a slow model, in ms: it is called fewer times. */
const patience = 60_000;

/**
 * Growth from one round to the next that does not count as a leak. Values are counted exactly, after garbage
 * collection; a process also holds what allocators keep for reuse, and a call with one second of audio takes 64 kB or
 * more.
 */
const allowedGrowth: HeldBytes = { values: 2 ** 20, process: 24 * 2 ** 20 };

/** Checks for platforms that report memory use, as Node.js does. */
export const memoryChecks: readonly ConformanceCheck[] = [
  {
    name: 'memory does not grow over 100 calls',
    why: 'a task has thousands of batches, and a leak ends the run halfway',
    async run(context) {
      const { heldBytes } = context;
      if (heldBytes === undefined) return;
      const embedder = await context.embedder();
      const signal = context.signal(clipSamples(embedder, 1), 0, embedder);
      const call = async () => {
        // A copy each time, so that an embedder that keeps its input is caught.
        await context.plugin.getSceneEmbeddings(signalBatch([signal.slice()], embedder.channels), embedder);
      };
      const start = Date.now();
      await call();
      const fitting = Math.floor(patience / 2.5 / Math.max(1, Date.now() - start));
      const calls = Math.min(callsOfRound, Math.max(4, fitting));
      for (let turn = 1; turn < Math.min(warmUpCalls, calls / 2); turn += 1) await call();
      const held = [await leastHeld(calls, call, heldBytes), await leastHeld(calls, call, heldBytes)];
      if (grown(held[0], held[1]) === undefined) return;
      // Other activity in the process does not grow by the same amount twice.
      held.push(await leastHeld(calls, call, heldBytes));
      const kind = grown(held[1], held[2]);
      if (kind === undefined) return;
      const growth = held[2][kind] - held[1][kind];
      throw broken(
        'memory that stops growing after the first calls',
        `${mebibytes(growth / calls)} MiB more with every call (${mebibytes(growth)} MiB over ${calls} calls), ${kind === 'values' ? 'in JavaScript values' : 'outside of JavaScript'}`,
        kind === 'values'
          ? 'keep nothing after a call: no list, cache or closure that holds signals or results'
          : 'dispose of the tensors of a runtime, and load nothing in a call',
      );
    },
  },
];

/** The least memory in use at several moments during so many calls, which leaves out what comes and goes. */
async function leastHeld(
  calls: number,
  call: () => Promise<void>,
  heldBytes: () => HeldBytes | Promise<HeldBytes>,
): Promise<HeldBytes> {
  const every = Math.max(1, Math.floor(calls / samplesOfRound));
  const least = { values: Infinity, process: Infinity };
  for (let turn = 1; turn <= calls; turn += 1) {
    await call();
    if (turn % every !== 0) continue;
    const { values, process } = await heldBytes();
    least.values = Math.min(least.values, values);
    least.process = Math.min(least.process, process);
  }
  return least;
}

/** Which kind of memory grew, the more informative one first. */
function grown(before: HeldBytes, after: HeldBytes): keyof HeldBytes | undefined {
  return (['values', 'process'] as const).find((kind) => after[kind] - before[kind] > allowedGrowth[kind]);
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toPrecision(2);
}
