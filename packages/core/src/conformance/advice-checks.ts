import { broken, type ConformanceCheck, round, timestampsOf } from './check.js';
import { expectPace } from './length-checks.js';

/** The sample rates in Hz that HEAR allows, in its API and its task folders. */
const hearSampleRates = [16_000, 22_050, 32_000, 44_100, 48_000];

/** HEAR asks for a timestamp every 50 ms or closer, for event tasks whose tolerance is 200 ms. */
const longestHop = 50;

/** Recommended but not required by the contract: the rest of what HEAR's own validator checks. */
export const adviceChecks: readonly ConformanceCheck[] = [
  {
    name: "audio has one of HEAR's sample rates",
    why: 'with any other rate every task has to be resampled, and other HEAR tools refuse the model',
    async run(context) {
      const { sampleRate, channels } = await context.embedder();
      if (channels !== 1 || hearSampleRates.includes(sampleRate)) return;
      throw broken(
        `a sample rate of ${hearSampleRates.join(', ')} Hz`,
        `${sampleRate} Hz`,
        'accept one of these rates and resample inside the model',
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
        Number.isFinite(hop) ? `one every ${round(hop)} ms` : 'a single timestamp',
        'use windows that overlap more, or add an option for the hop',
      );
    },
  },
  {
    name: 'timestamps reach the end of the signal',
    why: 'otherwise events at the end of a recording are never found',
    async run(context) {
      const { embedder, samples, timestamps } = await timestampsOf(context, 2.74);
      const duration = (samples * 1000) / embedder.sampleRate;
      const [first, last] = [timestamps[0], timestamps[timestamps.length - 1]];
      const step = timestamps.length < 2 ? duration : (last - first) / (timestamps.length - 1);
      const gap = duration - last;
      // As far from the end as from the beginning, plus at most one hop.
      if (Math.abs(gap - first) <= step + longestHop) return;
      // If timestamps drift, that is the cause, and the contract's check reports it.
      await expectPace(context);
      throw broken(
        `a last timestamp at most one hop further from the end than the first is from the beginning (${round(first)} ms)`,
        `${round(gap)} ms from the end of ${round(duration)} ms`,
        'embed the end too, padded if necessary',
      );
    },
  },
];
