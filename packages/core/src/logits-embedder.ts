import { type ClassificationHead, labelProbabilities } from './classification-head.js';
import type { EmbedOptions } from './embed-options.js';
import type { Embedder, SceneEmbeddings } from './embedder.js';
import { OptionError } from './errors.js';
import { getSceneLogits, getTimestampLogits, headOf } from './get-embeddings.js';
import { cropStarts } from './random-crops.js';
import type { SignalBatch } from './signals.js';

/** Several random crops of a signal, whose probabilities are combined, as test-time augmentation does. */
export interface TestTimeCrops {
  /** How many crops. */
  readonly count: number;
  /** Length of a crop in seconds; a shorter signal is taken whole. */
  readonly seconds: number;
  /** How the crops' probabilities become one: each label's mean or its maximum. */
  readonly aggregate: 'mean' | 'max';
  /** Determines where the crops are, together with the signal itself. */
  readonly seed: number;
}

/**
 * An embedder whose embeddings are the logits of another one's head, so that whatever handles embeddings handles
 * answers. Timestamps are those of the head. Disposing of it disposes of the other one.
 *
 * @param crops if given, scenes are answered from random crops: the logits are those of the combined probabilities
 * @throws OptionError if the embedder has no head
 */
export function logitsEmbedder(embedder: Embedder, crops?: TestTimeCrops): Embedder {
  const head = headOf(embedder);
  const { sampleRate, channels, minimumSceneSamples, minimumTimestampSamples } = embedder;
  return {
    ...{ sampleRate, channels, minimumSceneSamples, minimumTimestampSamples },
    ...logitsFacts(embedder, head.size, crops),
    embedScenes: (signals, options) =>
      crops === undefined ? getSceneLogits(signals, embedder, options) : answerCrops(signals, embedder, crops, options),
    embedTimestamps: (signals, options) => getTimestampLogits(signals, embedder, options),
    dispose: () => embedder.dispose(),
  };
}

/**
 * What is known of a {@link logitsEmbedder} without loading the model: its sizes, and a provenance that tells its
 * embeddings from the model's.
 *
 * @param size number of labels of the head
 */
export function logitsFacts(
  { provenance }: Pick<Embedder, 'provenance'>,
  size: number,
  crops?: TestTimeCrops,
): Pick<Embedder, 'sceneEmbeddingSize' | 'timestampEmbeddingSize' | 'provenance'> {
  return {
    sceneEmbeddingSize: size,
    timestampEmbeddingSize: size,
    provenance: {
      ...provenance,
      options: { ...provenance.options, answers: 'logits', ...(crops === undefined ? {} : { crops }) },
    },
  };
}

async function answerCrops(
  signals: SignalBatch,
  embedder: Embedder,
  crops: TestTimeCrops,
  options?: EmbedOptions,
): Promise<SceneEmbeddings> {
  const { size, kind, crops: own } = headOf(embedder);
  const { count, channels, samples } = signals;
  const length = Math.min(samples, Math.round(crops.seconds * embedder.sampleRate));
  if (length < embedder.minimumSceneSamples) {
    throw new OptionError({
      asked: `crops of ${crops.seconds} s`,
      found: `${length} samples, where the model needs ${embedder.minimumSceneSamples}`,
      fix: 'ask for longer crops',
    });
  }
  if (own !== undefined && own.samples !== length) {
    throw new OptionError({
      asked: `crops of ${crops.seconds} s`,
      found: `a model of crops of ${own.samples / embedder.sampleRate} s, and signals of ${samples / embedder.sampleRate} s`,
      fix: `pass --crop-seconds ${own.samples / embedder.sampleRate}`,
    });
  }
  const data = new Float32Array(count * size);
  for (let index = 0; index < count; index += 1) {
    const signal = signals.data.subarray(index * channels * samples, (index + 1) * channels * samples);
    const starts = cropStarts(signal, crops, samples - length);
    const logits =
      own === undefined
        ? await getSceneLogits(cropsOf(signal, channels, starts, length), embedder, options)
        : await own.classify({ data: signal, count: 1, channels, samples }, starts, options);
    data.set(combined(labelProbabilities(logits.data, size, kind), size, crops.aggregate, kind), index * size);
  }
  return { data, count, size };
}

/** @param signal `[channels, samples]` */
function cropsOf(signal: Float32Array, channels: number, starts: readonly number[], length: number): SignalBatch {
  const samples = signal.length / channels;
  const data = new Float32Array(starts.length * channels * length);
  for (const [crop, start] of starts.entries()) {
    for (let channel = 0; channel < channels; channel += 1) {
      const from = channel * samples + start;
      data.set(signal.subarray(from, from + length), (crop * channels + channel) * length);
    }
  }
  return { data, count: starts.length, channels, samples: length };
}

/** The nearest to 0 and 1 that a probability may be, so that its logit is finite. */
const edge = 2 ** -40;

/**
 * The logits of the probabilities of several crops, each label's mean or maximum.
 *
 * @param probabilities `[crops, size]`
 */
function combined(
  probabilities: Float32Array,
  size: number,
  aggregate: TestTimeCrops['aggregate'],
  kind: ClassificationHead['kind'],
): Float32Array {
  const crops = probabilities.length / size;
  return Float32Array.from({ length: size }, (_, label) => {
    let [sum, largest] = [0, 0];
    for (let crop = 0; crop < crops; crop += 1) {
      const probability = probabilities[crop * size + label];
      sum += probability;
      largest = Math.max(largest, probability);
    }
    const found = Math.min(1 - edge, Math.max(edge, aggregate === 'max' ? largest : sum / crops));
    // The softmax of logarithms gives the probabilities again, scaled to sum 1.
    return kind === 'multiclass' ? Math.log(found) : Math.log(found / (1 - found));
  });
}
