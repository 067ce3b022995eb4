import {
  broken,
  clipSamples,
  type ConformanceCheck,
  type ConformanceContext,
  embeddingKinds,
  expectRefusal,
  expectValues,
  round,
  testBatch,
  timestampsOf,
} from './check.js';

/** The clip lengths in seconds that HEAR's own validator embeds. */
const hearSeconds = [1.07, 1.98, 2.74, 4.0];

/**
 * Rounding error allowed in float32 timestamps, relative to the last one, on top of the 0.001 ms that steps may differ
 * by.
 */
const timestampRounding = 2 ** -22;
const stepTolerance = 1e-3;

/** Signal lengths, and the times that timestamps give. */
export const lengthChecks: readonly ConformanceCheck[] = [
  {
    name: "HEAR's lengths of 1.07, 1.98, 2.74 and 4 s are embedded",
    why: "HEAR's validator embeds these, and tasks have clips of every length",
    async run(context) {
      const { sampleRate } = await context.embedder();
      for (const seconds of hearSeconds) await expectLength(context, Math.round(seconds * sampleRate));
    },
  },
  {
    name: 'odd and prime lengths are embedded',
    why: 'clips are rarely a multiple of a hop long, and resampling can give any length',
    async run(context) {
      const embedder = await context.embedder();
      const samples = clipSamples(embedder, 34_241 / 16_000);
      for (const length of [samples + 1 - (samples % 2), nextPrime(samples + 2)]) await expectLength(context, length);
    },
  },
  {
    name: 'timestamps rise in equal steps within the signal and are the same for all signals',
    why: 'events are built from neighbouring timestamps, so a wrong one shifts where they begin and end',
    async run(context) {
      const embedder = await context.embedder();
      const samples = clipSamples(embedder, 2.74);
      const signals = await testBatch(context, samples, [0, 1]);
      const { timestamps, timestampCount } = await context.plugin.getTimestampEmbeddings(signals, embedder);
      const duration = (samples * 1000) / embedder.sampleRate;
      const first = timestamps.subarray(0, timestampCount);
      expectGrid(first, duration);
      const second = timestamps.subarray(timestampCount);
      const different = first.findIndex((time, index) => time !== second[index]);
      if (different < 0) return;
      throw broken(
        'the same timestamps for all signals of a batch',
        `${first[different]} and ${second[different]} ms at ${different}`,
        'compute them from the signal length, which is the same for the whole batch',
      );
    },
  },
  {
    name: 'timestamps of a long clip do not drift',
    why: 'a hop rounded to whole samples or ms is seconds off at the end of a long recording',
    run: expectPace,
  },
];

/** Fails if the distance of the last timestamp from the end grows with the length of the clip. */
export async function expectPace(context: ConformanceContext): Promise<void> {
  const short = endOf(await timestampsOf(context, 2.74));
  // About 12 s, and in any case much longer than the other.
  const least = short.samples + Math.round(9.26 * short.embedder.sampleRate);
  const long = endOf(await timestampsOf(context, 12, least));
  if (short.step === undefined || long.step === undefined) return;
  const drift = long.gap - short.gap;
  // The end of the last window moves by less than a hop as the length changes.
  if (Math.abs(drift) <= long.step + 1) return;
  const seconds = (clip: typeof long) => round(clip.duration / 1000);
  throw broken(
    `timestamps that end about ${round(short.gap)} ms before the end of a clip of ${seconds(long)} s, as for a clip of ${seconds(short)} s`,
    `${round(long.gap)} ms before it, a drift of about ${((100 * drift) / (long.duration - short.duration)).toPrecision(2)} %`,
    'compute each timestamp from its sample position, centre * 1000 / sampleRate in float64, not from a rounded hop',
  );
}

/** Where the timestamps of a clip end, in ms; `step` is absent for a single timestamp. */
function endOf({ embedder, samples, timestamps }: Awaited<ReturnType<typeof timestampsOf>>) {
  const duration = (samples * 1000) / embedder.sampleRate;
  const last = timestamps[timestamps.length - 1];
  const step = timestamps.length < 2 ? undefined : (last - timestamps[0]) / (timestamps.length - 1);
  return { embedder, samples, duration, gap: duration - last, step };
}

/** Embeds one clip both ways; below the embedder's declared minimum, expects a SignalError. */
async function expectLength(context: ConformanceContext, samples: number): Promise<void> {
  const embedder = await context.embedder();
  const signals = await testBatch(context, samples, [2]);
  for (const kind of embeddingKinds) {
    const minimum = kind.minimumSamples(embedder);
    const embed = () => kind.embed(context.plugin, embedder, signals);
    if (samples < minimum) {
      const asked = `${samples} samples refused for a ${kind.name} embedding, which needs ${minimum}`;
      await expectRefusal(embed, 'SIGNAL', asked, 'use getSceneEmbeddings and getTimestampEmbeddings of @hearken/core');
      continue;
    }
    const { data } = await embed();
    const size = kind.size(embedder);
    const rows = kind.name === 'scene' ? 1 : Math.max(1, Math.floor(data.length / size));
    expectValues(`${kind.name} embeddings of ${samples} samples`, data, [rows, size]);
  }
}

function expectGrid(timestamps: Float32Array, duration: number): void {
  const last = timestamps[timestamps.length - 1];
  if (!(timestamps[0] >= 0 && last <= duration * (1 + timestampRounding))) {
    throw broken(
      `timestamps from 0 to ${duration} ms`,
      `${timestamps[0]} to ${last} ms`,
      'return the centre of each window in ms, with no window centred beyond the end of the signal',
    );
  }
  const tolerance = stepTolerance + timestampRounding * last;
  const step = (last - timestamps[0]) / (timestamps.length - 1);
  for (let index = 1; index < timestamps.length; index += 1) {
    const found = timestamps[index] - timestamps[index - 1];
    if (found > 0 && Math.abs(found - step) <= tolerance) continue;
    throw broken(
      `timestamps that rise by ${round(step)} ms each`,
      `${timestamps[index - 1]} ms and then ${timestamps[index]} ms`,
      'use a fixed hop between windows, and compute timestamps in float64 before storing them',
    );
  }
}

function nextPrime(from: number): number {
  for (let candidate = from; ; candidate += 1) if (isPrime(candidate)) return candidate;
}

function isPrime(value: number): boolean {
  for (let divisor = 2; divisor * divisor <= value; divisor += 1) if (value % divisor === 0) return false;
  return value > 1;
}
