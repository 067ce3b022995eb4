import { CheckpointError, type EmbedOptions, HearkenError } from '@hearken/core';
import type { Session } from '@hearken/onnx';
import type { Signature } from './signature.js';

/** The most seconds of signal in one inference call, which bounds the memory. */
const secondsPerCall = 30;

/** Signals to embed, each of `samples` samples. */
export interface Windows extends EmbedOptions {
  readonly count: number;
  readonly samples: number;
  /** Writes signal `index` into `target` `[channels, samples]`. */
  readonly fill: (index: number, target: Float32Array) => void;
}

/** A session with inputs according to its signature. */
export class WaveformModel {
  /** Signals per call, if the graph doesn't take any number of them. */
  #batch: number | undefined;
  #embeddingSize: number | undefined;

  constructor(
    readonly name: string,
    readonly session: Session,
    readonly signature: Signature,
  ) {
    const { batch } = signature;
    this.#batch = batch === 'any' ? undefined : batch === 'none' ? 1 : batch;
  }

  /** The same model with another output, `[n, size]`. */
  forOutput(output: string, size: number): WaveformModel {
    const model = new WaveformModel(this.name, this.session, { ...this.signature, output });
    model.#batch = this.#batch;
    model.#embeddingSize = size;
    return model;
  }

  /** Known once a signal has been embedded. */
  get embeddingSize(): number {
    return this.#embeddingSize ?? 0;
  }

  /** Whether a call takes any number of signals. */
  get takesAnyBatch(): boolean {
    return this.#batch === undefined;
  }

  /**
   * Determines what the header doesn't say: the size of the embedding, the shortest signal, and whether more than one
   * can be embedded at once.
   *
   * @param lengths to try, in samples, in rising order
   * @returns the first of the lengths that gives an embedding
   * @throws CheckpointError if none does
   */
  async tryOut(lengths: readonly number[]): Promise<number> {
    let failure: unknown;
    for (const samples of lengths) {
      try {
        // Not silence, which some models divide by.
        const noise = (_: number, target: Float32Array) => {
          target.forEach((__, index) => (target[index] = 0.1 * Math.sin(index * index)));
        };
        const found = await this.embed({ count: 1, samples, fill: noise });
        if (found.some((value) => !Number.isFinite(value))) throw new Error('NaN or infinity');
        await this.#tryBatch(samples);
        return samples;
      } catch (error) {
        if (error instanceof HearkenError) throw error;
        failure = error;
      }
    }
    throw new CheckpointError({
      asked: `${this.name} with ${lengths.length === 1 ? 'a signal' : 'signals'} of ${lengths.join(', ')} samples`,
      found: failure instanceof Error ? failure.message.split('\n')[0] : String(failure),
      fix: 'set option window to the number of samples that the model takes',
      cause: failure,
    });
  }

  /** A graph may claim to take any number of signals without doing so, for instance if it was traced with one. */
  async #tryBatch(samples: number): Promise<void> {
    if (this.#batch !== undefined) return;
    const fill = (index: number, target: Float32Array) => {
      target.fill(0.1 * (index + 1));
    };
    await this.#run(2, { count: 2, samples, fill }, 0).catch(() => (this.#batch = 1));
  }

  /** @returns `[count, embeddingSize]` */
  async embed(windows: Windows): Promise<Float32Array> {
    const { count, samples, abortSignal } = windows;
    const most = Math.max(1, Math.floor((secondsPerCall * this.signature.sampleRate) / samples));
    const batch = this.#batch ?? Math.min(most, count);
    let embeddings: Float32Array | undefined;
    for (let start = 0; start < count; start += batch) {
      abortSignal?.throwIfAborted();
      const rows = await this.#run(batch, windows, start);
      embeddings ??= new Float32Array(count * this.embeddingSize);
      embeddings.set(rows.subarray(0, Math.min(batch, count - start) * this.embeddingSize), start * this.embeddingSize);
    }
    return embeddings ?? new Float32Array(0);
  }

  /** One call with `batch` signals from `start` on; missing ones are zeros if the shape is fixed. */
  async #run(batch: number, { count, samples, fill }: Windows, start: number): Promise<Float32Array> {
    const { input, output, channels, signalShape, batch: kind } = this.signature;
    const isFixed = this.#batch !== undefined;
    const length = isFixed ? batch : Math.min(batch, count - start);
    const size = channels * samples;
    const data = new Float32Array(length * size);
    for (let index = 0; index < length && start + index < count; index += 1) {
      fill(start + index, data.subarray(index * size, (index + 1) * size));
    }
    const shape = kind === 'none' ? signalShape(samples) : [length, ...signalShape(samples)];
    const { [output]: result } = await this.session.run({ [input]: { data, shape } }, [output]);
    const rows = rowsOf(result.data as Float32Array, kind === 'none' ? [1, ...result.shape] : result.shape, length);
    const expected = this.#embeddingSize;
    if (rows === undefined || (expected !== undefined && rows.size !== expected)) {
      throw new CheckpointError({
        asked: `output '${output}' of ${this.name} as embeddings [${length}, ${expected ?? 'size'}]`,
        found: `[${result.shape.join(', ')}]`,
        fix: 'choose an output [n, size] or [n, time, size] with option output, or another input length with option window',
      });
    }
    this.#embeddingSize = rows.size;
    return rows.data;
  }
}

/** Rows of embeddings: `[n, size]` unchanged, `[n, time, size]` averaged over time; undefined for other shapes. */
function rowsOf(
  data: Float32Array,
  shape: readonly number[],
  count: number,
): { data: Float32Array; size: number } | undefined {
  if (shape.length > 3 || shape[0] !== count || data.length === 0) return undefined;
  const size = shape.length === 1 ? 1 : shape[shape.length - 1];
  const steps = shape.length === 3 ? shape[1] : 1;
  if (steps === 1) return { data, size };
  const means = new Float32Array(count * size);
  for (let index = 0; index < data.length; index += 1) {
    means[Math.floor(index / (steps * size)) * size + (index % size)] += data[index] / steps;
  }
  return { data: means, size };
}
