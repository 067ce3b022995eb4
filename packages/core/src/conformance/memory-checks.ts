import { signalBatch } from '../signals.js';
import { broken, clipSamples, type ConformanceCheck, type HeldBytes } from './check.js';

/** Calls before anything is measured, in which caches fill and code is compiled; then two rounds; 100 in all. */
const warmUpCalls = 20;
const callsOfRound = 40;
const samplesOfRound = 8;

/** About how long a slow model is looked at, in ms: it is called fewer times. */
const patience = 60_000;

/**
 * Growth from one round to the next that is no leak. Values are counted after a collection, to the byte; a process also
 * holds what allocators keep for later, and a call of one second of audio takes 64 kB and more.
 */
const allowedGrowth: HeldBytes = { values: 2 ** 20, process: 24 * 2 ** 20 };

/** What is checked where the platform tells of memory, as Node.js does. */
export const memoryChecks: readonly ConformanceCheck[] = [
  {
    name: 'memory does not grow over 100 calls',
    why: 'a task has thousands of batches, and a leak ends the run in the middle',
    async run(context) {
      const { heldBytes } = context;
      if (heldBytes === undefined) return;
      const embedder = await context.embedder();
      const signal = context.signal(clipSamples(embedder, 1), 0, embedder);
      const call = async () => {
        // A copy each time: whoever keeps its input is to be found out.
        await context.plugin.getSceneEmbeddings(signalBatch([signal.slice()], embedder.channels), embedder);
      };
      const start = Date.now();
      await call();
      const fitting = Math.floor(patience / 2.5 / Math.max(1, Date.now() - start));
      const calls = Math.min(callsOfRound, Math.max(4, fitting));
      for (let turn = 1; turn < Math.min(warmUpCalls, calls / 2); turn += 1) await call();
      const held = [await leastHeld(calls, call, heldBytes), await leastHeld(calls, call, heldBytes)];
      if (grown(held[0], held[1]) === undefined) return;
      // Whatever else is going on in the process does not grow by as much again.
      held.push(await leastHeld(calls, call, heldBytes));
      const kind = grown(held[1], held[2]);
      if (kind === undefined) return;
      const growth = held[2][kind] - held[1][kind];
      throw broken(
        'memory that stays as it is once the first calls are over',
        `${mebibytes(growth / calls)} MiB more with every call (${mebibytes(growth)} MiB over ${calls} calls), ${kind === 'values' ? 'in JavaScript values' : 'outside of JavaScript'}`,
        kind === 'values'
          ? 'keep nothing of a call once it is over: no list, cache or closure that holds signals or answers'
          : 'dispose of the tensors of a runtime, and load nothing in a call',
      );
    },
  },
];

/** The least that is held at some moments of so many calls: what comes and goes is left out. */
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

/** Which kind of memory grew, the one that tells more first. */
function grown(before: HeldBytes, after: HeldBytes): keyof HeldBytes | undefined {
  return (['values', 'process'] as const).find((kind) => after[kind] - before[kind] > allowedGrowth[kind]);
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toPrecision(2);
}
