import type { EmbedOptions } from './embed-options.js';
import type { SignalBatch } from './signals.js';

/**
 * What the logits of a head mean. `multiclass`: exactly one label holds, and the softmax over a row gives the
 * probabilities; `multilabel`: any number of labels hold, each with the sigmoid of its logit as its probability.
 */
export type HeadKind = 'multiclass' | 'multilabel';

/** The logits of whole signals: float32, row-major `[count, size]`. */
export interface SceneLogits {
  /** Row-major `[count, size]`. */
  readonly data: Float32Array;
  /** Number of signals in the batch. */
  readonly count: number;
  /** Number of logits of a signal: the head's `size`. */
  readonly size: number;
}

/** Logits over time: float32, row-major `[count, timestampCount, size]`, all signals on the same time grid. */
export interface TimestampLogits {
  /** Row-major `[count, timestampCount, size]`. */
  readonly data: Float32Array;
  /** Number of signals in the batch. */
  readonly count: number;
  /** Number of timestamps of each signal. */
  readonly timestampCount: number;
  /** Number of logits of a timestamp: the head's `size`. */
  readonly size: number;
  /** Window centres in milliseconds, float32, row-major `[count, timestampCount]`. */
  readonly timestamps: Float32Array;
}

/**
 * Crops of a signal that the model prepares as a whole: its filters and its scaling see the whole signal, as in the
 * evaluation of its authors, and not each crop alone.
 */
export interface HeadCrops {
  /** Number of samples of a crop at the embedder's rate; the model takes no other. */
  readonly samples: number;
  /**
   * The logits of crops of one signal, `[starts, size]`.
   *
   * @param signal a batch of one
   * @param starts the first sample of each crop
   */
  readonly classify: (signal: SignalBatch, starts: readonly number[], options?: EmbedOptions) => Promise<SceneLogits>;
}

/**
 * The classifier that a checkpoint brings: the model's own answers, instead of an embedding. The logits of a signal
 * never depend on the rest of its batch. Callers use `getSceneLogits` and `getTimestampLogits`, which check the batch
 * and the result.
 */
export interface ClassificationHead {
  /** Names of the labels in the order of the logits, all different; absent if the checkpoint has no names for them. */
  readonly labels?: readonly string[];
  /** Number of labels. */
  readonly size: number;
  /** What the logits mean. */
  readonly kind: HeadKind;
  /**
   * The logits of each signal as a whole, `[count, channels, samples]` to `[count, size]`. A signal that is longer than
   * the model's window has the mean logits of its windows, which are those of a scene embedding.
   *
   * @throws EmbedderError after the embedder's `dispose`; the abort signal's reason
   */
  readonly classifyScenes: (signals: SignalBatch, options?: EmbedOptions) => Promise<SceneLogits>;
  /**
   * The logits of each signal over time, `[count, channels, samples]` to `[count, timestampCount, size]`, on the grid of
   * the timestamp embeddings; absent if the model answers for whole windows only.
   *
   * @throws EmbedderError after the embedder's `dispose`; the abort signal's reason
   */
  readonly classifyTimestamps?: (signals: SignalBatch, options?: EmbedOptions) => Promise<TimestampLogits>;
  /** How crops are answered; absent if crops are signals like any other. */
  readonly crops?: HeadCrops;
}

/**
 * The probabilities of rows of logits: the softmax of each row for `multiclass`, the sigmoid of each value for
 * `multilabel`, computed in double precision.
 *
 * @param logits row-major `[rows, size]`
 * @returns as many values as `logits`
 */
export function labelProbabilities(logits: Float32Array, size: number, kind: HeadKind): Float32Array {
  if (kind === 'multilabel') return logits.map((logit) => 1 / (1 + Math.exp(-logit)));
  const probabilities = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += size) {
    const row = logits.subarray(start, start + size);
    const largest = row.reduce((most, logit) => Math.max(most, logit), -Infinity);
    const exponentials = Array.from(row, (logit) => Math.exp(logit - largest));
    const sum = exponentials.reduce((total, value) => total + value, 0);
    exponentials.forEach((value, label) => (probabilities[start + label] = value / sum));
  }
  return probabilities;
}
