import type { Embedder } from '../embedder.js';
import { EmbedderError } from '../errors.js';
import type { Plugin } from '../plugin.js';
import { signalBatch, type SignalBatch } from '../signals.js';

/** How far two embeddings of one signal may lie apart: `|a - b| <= absolute + relative * max|b|`. */
export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

/** A test signal `[channels, samples]`, row-major; the same for the same arguments, another for another seed. */
export type TestSignal = (samples: number, seed: number, embedder: Embedder) => Float32Array;

/** What the checks look at. */
export interface ConformanceContext {
  readonly plugin: Plugin;
  /** Loads the model anew. */
  load(): Promise<Embedder>;
  /** The embedder that the checks share; loaded by the first of them. */
  embedder(): Promise<Embedder>;
  readonly tolerance: Tolerance;
  readonly signal: TestSignal;
  /** Scene embedding size to expect; absent: the model's metadata says it. */
  readonly sceneEmbeddingSize?: number;
  /** Bytes that the process holds, where the platform tells. */
  readonly heldBytes?: () => number;
}

/** One property of the embedder contract. */
export interface ConformanceCheck {
  readonly name: string;
  /** What goes wrong without it, in half a sentence. */
  readonly why: string;
  /** Resolves where the property holds, and rejects with an error that says what was found. */
  run(context: ConformanceContext): Promise<void>;
}

/** The error of a failed check; `fix` says what the plugin must do. */
export function broken(asked: string, found: string, fix: string, cause?: unknown): EmbedderError {
  return new EmbedderError({ asked, found, fix, cause });
}

/** Embeddings of either kind, as far as most checks care. */
export interface Embedded {
  /** Row-major, `count` rows of equal size. */
  readonly data: Float32Array;
  readonly count: number;
}

/** The two ways to embed, so that one check covers both. */
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

/** Samples of a clip of about `seconds`, and no fewer than both ways to embed need. */
export function clipSamples(embedder: Embedder, seconds: number): number {
  const least = Math.max(embedder.minimumSceneSamples, embedder.minimumTimestampSamples);
  return Math.max(Math.round(seconds * embedder.sampleRate), least);
}

/** A batch of test signals, one a seed. */
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

/** Row `index` of embeddings. */
export function embeddingRow({ data, count }: Embedded, index: number): Float32Array {
  const size = data.length / count;
  return data.subarray(index * size, (index + 1) * size);
}

/** Largest distance between two embeddings, and the distance that the tolerance allows. */
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
    // Not Math.max: it must keep NaN from passing.
    if (!(apart <= found)) found = apart;
    largest = Math.max(largest, Math.abs(right[index]));
  }
  return { found, allowed: tolerance.absolute + tolerance.relative * largest };
}

/** Refuses values that are no Float32Array, not as many as `shape` says, or not all finite. */
export function expectValues(what: string, values: Float32Array, shape: readonly number[]): void {
  const expected = shape.reduce((product, length) => product * length, 1);
  if (!(values instanceof Float32Array) || values.length !== expected) {
    const found = values instanceof Float32Array ? `${values.length} values` : 'values of another type';
    throw broken(`${what} [${shape.join(', ')}] as Float32Array`, found, 'make shape and sizes agree');
  }
  const offending = values.findIndex((value) => !Number.isFinite(value));
  if (offending < 0) return;
  throw broken(
    `finite ${what}`,
    `${values[offending]} at ${offending}`,
    'keep logarithms and divisions away from zero, and check the checkpoint',
  );
}

/** Refuses a promise that resolves, or that rejects with another kind of error than `code`. */
export async function expectRefusal(
  attempt: () => Promise<unknown>,
  code: string,
  asked: string,
  fix: string,
): Promise<void> {
  try {
    await attempt();
  } catch (error) {
    // By code and not by class: a plugin may bring its own copy of this package.
    if (error instanceof Error && 'code' in error && error.code === code) return;
    throw broken(asked, `an error without code '${code}': ${String(error)}`, fix, error);
  }
  throw broken(asked, 'no error', fix);
}
