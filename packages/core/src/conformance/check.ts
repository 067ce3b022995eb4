import type { Embedder } from '../embedder.js';
import { EmbedderError } from '../errors.js';
import type { Plugin } from '../plugin.js';
import { signalBatch, type SignalBatch } from '../signals.js';

/** How far two embeddings of one signal may lie apart: `|a - b| <= absolute + relative * max|b|`. */
export interface Tolerance {
  /** The part that does not grow with the embedding. */
  readonly absolute: number;
  /** The part that grows with its largest value. */
  readonly relative: number;
}

/** A test signal `[channels, samples]`, row-major; the same for the same arguments, another for another seed. */
export type TestSignal = (samples: number, seed: number, embedder: Embedder) => Float32Array;

/** What the checks look at. */
export interface ConformanceContext {
  /** The plugin that is checked. */
  readonly plugin: Plugin;
  /** Loads the model anew. */
  load(): Promise<Embedder>;
  /** The embedder that the checks share; loaded by the first of them. */
  embedder(): Promise<Embedder>;
  /** How far two embeddings of one signal may lie apart. */
  readonly tolerance: Tolerance;
  /** Makes the signals that are embedded. */
  readonly signal: TestSignal;
  /** Scene embedding size to expect; absent: the model's metadata says it. */
  readonly sceneEmbeddingSize?: number;
  /** Bytes that are held, where the platform tells. */
  readonly heldBytes?: () => HeldBytes | Promise<HeldBytes>;
}

/** Memory at one moment, in bytes. */
export interface HeldBytes {
  /** Of JavaScript values and their buffers, once garbage was collected. */
  readonly values: number;
  /** Of the whole process, which includes what native libraries hold. */
  readonly process: number;
}

/** One property of the embedder contract. */
export interface ConformanceCheck {
  /** The property, as reports call it: `does not depend on the batch`. */
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

/** The timestamps in ms of one test signal of about `seconds`, and no fewer samples than `samples`. */
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

/** A number as a message shows it: ms and distances need no more than five digits. */
export function round(value: number): number {
  return Number(value.toPrecision(5));
}

/** Row `index` of embeddings. */
export function embeddingRow({ data, count }: Embedded, index: number): Float32Array {
  const size = data.length / count;
  return data.subarray(index * size, (index + 1) * size);
}

/** Largest distance between two embeddings, NaN where either has one, and the distance that the tolerance allows. */
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
    // NaN is far from everything, itself included, and stays so whatever follows; two equal infinities are too.
    if (Number.isNaN(apart)) return { found: apart, allowed: 0 };
    found = Math.max(found, apart);
    largest = Math.max(largest, Math.abs(right[index]));
  }
  return { found, allowed: tolerance.absolute + tolerance.relative * largest };
}

/** What of two embeddings was found, for a message. */
export function apart(found: number, allowed: number): string {
  if (Number.isNaN(found)) return 'NaN or infinity, which no value is close to';
  return `values up to ${round(found)} apart, where ${round(allowed)} is allowed`;
}

/** Refuses values that are no Float32Array, not as many as `shape` says, or not all finite. */
export function expectValues(what: string, values: Float32Array, shape: readonly number[]): void {
  const expected = shape.reduce((product, length) => product * length, 1);
  if (!(values instanceof Float32Array) || values.length !== expected) {
    const found = values instanceof Float32Array ? `${values.length} values` : 'values of another type';
    const fix = 'make the values as many as signals, timestamps and the declared size give';
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
