import { signalBatch } from '../signals.js';
import { broken, clipSamples, type ConformanceCheck, testBatch } from './check.js';

/** The sample rates in Hz that HEAR allows (its API, and its tasks' folders). */
const hearSampleRates = [16_000, 22_050, 32_000, 44_100, 48_000];

/** HEAR asks for a timestamp every 50 ms or closer, for event tasks whose tolerance is 200 ms. */
const longestHop = 50;

/** Calls after which memory must have settled, calls in all, and ms after which no more are made. */
const warmUpCalls = 20;
const calls = 100;
const patience = 60_000;

/** Growth that is no leak: what a collector leaves lying about. */
const allowedGrowth = 64 * 2 ** 20;

/**
 * What a plugin is better for, though the contract does not ask for it: the rest of what HEAR's own validator looks at, a
 * long clip, and memory.
 */
export const adviceChecks: readonly ConformanceCheck[] = [
  {
    name: "audio has one of HEAR's sample rates",
    why: 'other rates mean that every task is resampled, and that other HEAR tools refuse the model',
    async run(context) {
      const { sampleRate, channels } = await context.embedder();
      if (channels !== 1 || hearSampleRates.includes(sampleRate)) return;
      throw broken(
        `a sample rate of ${hearSampleRates.join(', ')} Hz`,
        `${sampleRate} Hz`,
        'resample inside the model, and take one of these',
      );
    },
  },
  {
    name: 'timestamps come every 50 ms or closer',
    why: 'events are scored with a tolerance of 200 ms, and a longer hop blurs where they begin and end',
    async run(context) {
      const { embedder, timestamps } = await timestampsOf(context, 2.74);
      if (embedder.channels !== 1) return;
      const hop = timestamps.length < 2 ? Infinity : timestamps[1] - timestamps[0];
      if (hop <= longestHop + 0.001) return;
      throw broken(
        `a timestamp every ${longestHop} ms`,
        Number.isFinite(hop) ? `one every ${hop} ms` : 'one timestamp alone',
        'embed windows that overlap more, or offer an option for their hop',
      );
    },
  },
  {
    name: 'timestamps of a long clip reach its end, without drift',
    why: 'a hop that is rounded to whole samples or ms is seconds off at the end of a long recording',
    async run(context) {
      const { embedder, samples, timestamps } = await timestampsOf(context, 12);
      const duration = (samples * 1000) / embedder.sampleRate;
      const [first, last] = [timestamps[0], timestamps[timestamps.length - 1]];
      const step = timestamps.length < 2 ? duration : (last - first) / (timestamps.length - 1);
      const gap = duration - last;
      // As far from the end as from the beginning, but for the last hop.
      if (Math.abs(gap - first) <= step + longestHop) return;
      throw broken(
        `a last timestamp as far from the end as the first from the beginning (${first} ms), and at most a hop more`,
        `${gap} ms from the end of ${duration} ms`,
        'embed the end too, padded if need be, and compute timestamps from sample positions in float64',
      );
    },
  },
  {
    name: 'memory does not grow over 100 calls',
    why: 'a task has thousands of batches, and a leak ends the run in the middle',
    async run(context) {
      const { heldBytes } = context;
      if (heldBytes === undefined) return;
      const embedder = await context.embedder();
      const signals = signalBatch([context.signal(clipSamples(embedder, 1), 0, embedder)], embedder.channels);
      const deadline = Date.now() + patience;
      const held: number[] = [];
      for (let call = 0; call < calls && Date.now() < deadline; call += 1) {
        await context.plugin.getSceneEmbeddings(signals, embedder);
        if (call >= warmUpCalls) held.push(heldBytes());
      }
      if (held.length < 8) return;
      // The least of each half: a collector may not have come by yet.
      const half = Math.floor(held.length / 2);
      const growth = Math.min(...held.slice(half)) - Math.min(...held.slice(0, half));
      if (growth <= allowedGrowth / (calls / held.length)) return;
      throw broken(
        'memory that stays as it is over the last calls',
        `${(growth / 2 ** 20).toFixed(0)} MiB more after ${held.length} calls`,
        'dispose of tensors, and keep nothing of a call after it',
      );
    },
  },
];

async function timestampsOf(context: Parameters<ConformanceCheck['run']>[0], seconds: number) {
  const embedder = await context.embedder();
  const samples = clipSamples(embedder, seconds);
  const { timestamps } = await context.plugin.getTimestampEmbeddings(await testBatch(context, samples, [0]), embedder);
  return { embedder, samples, timestamps };
}
