import type { Embedder } from '../embedder.js';
import { EmbedderError } from '../errors.js';
import type { Plugin } from '../plugin.js';
import { signalBatch, type SignalBatch } from '../signals.js';

/** How much two embeddings of one signal may differ: `|a - b| <= absolute + relative * max|b|`. */
export interface Tolerance {
  /** The part that does not grow with the embedding. */
  readonly absolute: number;
  /** The part that grows with its largest value. */
  readonly relative: number;
}

/**
 * A test signal `[channels, samples]`, row-major. The same arguments give the same signal; another seed gives another
 * one.
 */
export type TestSignal = (samples: number, seed: number, embedder: Embedder) => Float32Array;

/** What the checks are given. */
export interface ConformanceContext {
  /** The plugin being checked. */
  readonly plugin: Plugin;
  /** Loads the model again. */
  load(): Promise<Embedder>;
  /** The embedder that the checks share; the first check loads it. */
  embedder(): Promise<Embedder>;
  /** How much two embeddings of one signal may differ. */
  readonly tolerance: Tolerance;
  /** Makes the signals to embed. */
  readonly signal: TestSignal;
  /** The expected scene embedding size; default: the one in the model's metadata. */
  readonly sceneEmbeddingSize?: number;
  /** Bytes in use, if the platform reports them. */
  readonly heldBytes?: () => HeldBytes | Promise<HeldBytes>;
}

/** Memory in use at one moment, in bytes. */
export interface HeldBytes {
  /** Used by JavaScript values and their buffers, after garbage collection. */
  readonly values: number;
  /** Used by the whole process, including native libraries. */
  readonly process: number;
}

/** One property of the embedder contract. */
export interface ConformanceCheck {
  /** The property, as reports call it: `does not depend on the batch`. */
  readonly name: string;
  /** What goes wrong without it, in a clause. */
  readonly why: string;
  /** Resolves if the property holds; otherwise rejects with an error that says what was found. */
  run(context: ConformanceContext): Promise<void>;
}

/** The error of a failed check; `fix` says what the plugin must do. */
export function broken(asked: string, found: string, fix: string, cause?: unknown): EmbedderError {
  return new EmbedderError({ asked, found, fix, cause });
}

/** The part of both kinds of embeddings that most checks need. */
export interface Embedded {
  /** Row-major, `count` rows of equal size. */
  readonly data: Float32Array;
  readonly count: number;
}

/** Both ways to embed, so that one check covers both. */
export interface EmbeddingKind {
  readonly name: 'scene' | 'timestamp';
  minimumSamples(embedder: Embedder): number;
  size(embedder: Embedder): number;
  embed(plugin: Plugin, embedder: Embedder, signals: SignalBatch, abortSignal?: AbortSignal): Promise<Embedded>;
}

export const embeddingKinds: readonly EmbeddingKind[] = [
  {
    name: 'scene',
    minimumSamples: (embedder) => embedder.minimumSceneSamples,
    size: (embedder) => embedder.sceneEmbeddingSize,
    embed: (plugin, embedder, signals, abortSignal) => plugin.getSceneEmbeddings(signals, embedder, { abortSignal }),
  },
  {
    name: 'timestamp',
    minimumSamples: (embedder) => embedder.minimumTimestampSamples,
    size: (embedder) => embedder.timestampEmbeddingSize,
    embed: (plugin, embedder, signals, abortSignal) =>
      plugin.getTimestampEmbeddings(signals, embedder, { abortSignal }),
  },
];

/** Number of samples of a clip of about `seconds`, at least as many as both ways to embed need. */
export function clipSamples(embedder: Embedder, seconds: number): number {
  const least = Math.max(embedder.minimumSceneSamples, embedder.minimumTimestampSamples);
  return Math.max(Math.round(seconds * embedder.sampleRate), least);
}

/** A batch of test signals, one per seed. */
export async function testBatch(
  context: ConformanceContext,
  samples: number,
  seeds: readonly number[],
): Promise<SignalBatch> {
  const embedder = await context.embedder();
  return signalBatch(
    seeds.map((seed) => context.signal(samples, seed, embedder)),
    embedder.channels,
  );
}

/** The timestamps in ms of one test signal of about `seconds`, with at least `samples` samples. */
export async function timestampsOf(
  context: ConformanceContext,
  seconds: number,
  leastSamples = 0,
): Promise<{ embedder: Embedder; samples: number; timestamps: Float32Array }> {
  const embedder = await context.embedder();
  const samples = Math.max(clipSamples(embedder, seconds), leastSamples);
  const { timestamps } = await context.plugin.getTimestampEmbeddings(await testBatch(context, samples, [0]), embedder);
  return { embedder, samples, timestamps };
}

/** A number as messages show it: five digits are enough for ms and distances. */
export function round(value: number): number {
  return Number(value.toPrecision(5));
}

/** Row `index` of embeddings. */
export function embeddingRow({ data, count }: Embedded, index: number): Float32Array {
  const size = data.length / count;
  return data.subarray(index * size, (index + 1) * size);
}

/**
 * The largest difference between two embeddings (NaN if either contains one), and the difference that the tolerance
 * allows.
 */
export function distance(
  left: Float32Array,
  right: Float32Array,
  tolerance: Tolerance,
): { found: number; allowed: number } {
  if (left.length !== right.length) return { found: Infinity, allowed: 0 };
  let found = 0;
  let largest = 0;
  for (let index = 0; index < left.length; index += 1) {
    const apart = Math.abs(left[index] - right[index]);
    // NaN differs from everything, itself included, and later values don't change that; the same goes for two equal
    // infinities.
    if (Number.isNaN(apart)) return { found: apart, allowed: 0 };
    found = Math.max(found, apart);
    largest = Math.max(largest, Math.abs(right[index]));
  }
  return { found, allowed: tolerance.absolute + tolerance.relative * largest };
}

/** What was found when two embeddings were compared, for a message. */
export function apart(found: number, allowed: number): string {
  if (Number.isNaN(found)) return 'NaN or infinity, which is close to no value';
  return `values that differ by up to ${round(found)}, where ${round(allowed)} is allowed`;
}

/** Refuses values that are not a Float32Array, not as many as `shape` says, or not all finite. */
export function expectValues(what: string, values: Float32Array, shape: readonly number[]): void {
  const expected = shape.reduce((product, length) => product * length, 1);
  if (!(values instanceof Float32Array) || values.length !== expected) {
    const found = values instanceof Float32Array ? `${values.length} values` : 'values of another type';
    const fix = 'return as many values as signals times timestamps times the declared size';
    throw broken(`${what} [${shape.join(', ')}] as Float32Array`, found, fix);
  }
  const offending = values.findIndex((value) => !Number.isFinite(value));
  if (offending < 0) return;
  throw broken(
    `finite ${what}`,
    `${values[offending]} at ${offending}`,
    'keep logarithms and divisions away from zero, and check the checkpoint',
  );
}

/** Fails if a promise resolves, or rejects with an error whose code is not `code`. */
export async function expectRefusal(
  attempt: () => Promise<unknown>,
  code: string,
  asked: string,
  fix: string,
): Promise<void> {
  try {
    await attempt();
  } catch (error) {
    // By code rather than class, because a plugin may bring its own copy of this package.
    if (error instanceof Error && 'code' in error && error.code === code) return;
    throw broken(asked, `an error without code '${code}': ${String(error)}`, fix, error);
  }
  throw broken(asked, 'no error', fix);
}
