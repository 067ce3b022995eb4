import { broken, type ConformanceCheck, round, timestampsOf } from './check.js';
import { expectPace } from './length-checks.js';

/** The sample rates in Hz that HEAR allows (its API, and its tasks' folders). */
const hearSampleRates = [16_000, 22_050, 32_000, 44_100, 48_000];

/** HEAR asks for a timestamp every 50 ms or closer, for event tasks whose tolerance is 200 ms. */
const longestHop = 50;

/**
 * What a plugin is better for, though the contract does not ask for it: the rest of what HEAR's own validator looks at.
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
        Number.isFinite(hop) ? `one every ${round(hop)} ms` : 'one timestamp alone',
        'embed windows that overlap more, or offer an option for their hop',
      );
    },
  },
  {
    name: 'timestamps reach the end of the signal',
    why: 'events at the end of a recording are never found',
    async run(context) {
      const { embedder, samples, timestamps } = await timestampsOf(context, 2.74);
      const duration = (samples * 1000) / embedder.sampleRate;
      const [first, last] = [timestamps[0], timestamps[timestamps.length - 1]];
      const step = timestamps.length < 2 ? duration : (last - first) / (timestamps.length - 1);
      const gap = duration - last;
      // As far from the end as from the beginning, but for the last hop.
      if (Math.abs(gap - first) <= step + longestHop) return;
      // Where they drift, that is the reason, and the contract's to tell.
      await expectPace(context);
      throw broken(
        `a last timestamp as far from the end as the first is from the beginning (${round(first)} ms), or a hop more`,
        `${round(gap)} ms from the end of ${round(duration)} ms`,
        'embed the end too, padded if need be',
      );
    },
  },
];
