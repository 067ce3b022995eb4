import {
  type Embedder,
  type EmbedOptions,
  type ExampleForm,
  getSceneEmbeddings,
  getTimestampEmbeddings,
  type SignalBatch,
  type TrainableModel,
} from '@hearken/core';
import type { EmbedderDescription } from '@hearken/core/remote';
import type { EmbeddingSource } from './embed-task.node.js';

/** How the clips of a task become rows of examples. */
export interface RowForm {
  /** The form of one example. */
  readonly form: ExampleForm;
  /** Examples of a row, one after another: windows of a clip that is longer than one example. */
  readonly windows: number;
}

/** Longer clips are cut off: each window of a row is kept on the disk and may be in memory. */
const mostWindows = 12;

/** The rows for clips of a length. @param seconds undefined if the clips differ, which are then one example each */
export function rowForm(model: Pick<TrainableModel, 'form' | 'sampleRate'>, seconds: number | undefined): RowForm {
  const form = model.form(seconds);
  const samples = Math.round((seconds ?? 0) * model.sampleRate);
  // A window for less than a hundredth of an example would see nothing new.
  const windows = Math.ceil(samples / form.samples - 0.01);
  return { form, windows: Math.max(1, Math.min(mostWindows, windows)) };
}

/**
 * Prepared examples in place of a model's embeddings, so that they are computed once and kept like these.
 *
 * @param described the model as it is known for embeddings
 */
export function examplesSource(
  described: EmbedderDescription,
  model: TrainableModel,
  { form, windows }: RowForm,
): EmbeddingSource {
  const { sampleRate, channels } = model;
  const size = windows * form.shape.reduce((product, one) => product * one, 1);
  const { provenance } = described;
  const facts = {
    ...{ sampleRate, channels },
    ...{ sceneEmbeddingSize: size, timestampEmbeddingSize: size },
    ...{ minimumSceneSamples: described.minimumSceneSamples, minimumTimestampSamples: 1 },
    provenance: { ...provenance, options: { ...provenance.options, examples: { ...form, windows } } },
  };
  const embedder: Embedder = {
    ...facts,
    embedScenes: async (signals, options) => ({
      data: await prepareRows(signals, model, { form, windows }, options),
      count: signals.count,
      size,
    }),
    embedTimestamps: () => Promise.reject(new Error('examples are of whole clips')),
    // Whoever opened the model frees it.
    dispose: () => Promise.resolve(),
  };
  return {
    // Its own functions are made for its embeddings.
    plugin: {
      name: provenance.plugin,
      version: provenance.pluginVersion,
      description: '',
      models: {},
      load: () => Promise.resolve(embedder),
      loadModel: () => Promise.resolve(embedder),
      getSceneEmbeddings,
      getTimestampEmbeddings,
    },
    description: facts,
    open: () => Promise.resolve(embedder),
  };
}

/** The windows of each signal, prepared: `[count, windows * example]`. */
export async function prepareRows(
  { data, count, channels, samples }: SignalBatch,
  model: TrainableModel,
  { form, windows }: RowForm,
  options?: EmbedOptions,
): Promise<Float32Array> {
  const length = Math.min(samples, form.samples);
  const cut = new Float32Array(count * windows * channels * length);
  for (let signal = 0; signal < count; signal += 1) {
    for (let window = 0; window < windows; window += 1) {
      // The last window ends with the signal.
      const start = Math.max(0, Math.min(window * form.samples, samples - length));
      for (let channel = 0; channel < channels; channel += 1) {
        const from = (signal * channels + channel) * samples + start;
        const to = ((signal * windows + window) * channels + channel) * length;
        cut.set(data.subarray(from, from + length), to);
      }
    }
  }
  return model.prepare({ data: cut, count: count * windows, channels, samples: length }, form, options);
}
