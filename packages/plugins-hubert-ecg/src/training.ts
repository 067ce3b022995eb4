import {
  type ExampleForm,
  type EmbedOptions,
  type LoadOptions,
  type ModelSource,
  type NetworkRequest,
  type SavedFile,
  type SignalBatch,
  SignalError,
  type TrainableModel,
  type TrainableNetwork,
  type TrainedWeights,
} from '@hearken/core';
import {
  chooseTrainedVariant,
  chosenWeights,
  configWithOption,
  countParameters,
  givenConfig,
  type ModelFiles,
  type ModelProvenance,
  readParameter,
  refusePrecision,
  type Runtime,
  type SelectedWeights,
} from '@hearken/onnx';
import { hubertEcgFinetuned } from './finetuned.js';
import { chooseModel } from './models.js';
import { checkOptions, type HubertEcgOptions } from './options.js';
import { createPreprocessor, leastSamples, windowSamples, windowSeconds } from './preprocessing/preprocess.js';
import { readRecords } from './records.js';
import { chooseSizes, findConfig, selectEncoder, type Sizes } from './sizes.js';
import { trainingGraph } from './training-graph.js';

/** Deviation of a new head's weights: the `initializer_range` of HuBERT's config, as transformers draws them. */
const headDeviation = 0.02;

/**
 * Opens a checkpoint to train it.
 *
 * @throws CheckpointError for anything that is not a HuBERT-ECG checkpoint; OptionError for a precision without gradients
 */
export async function openTraining(
  runtime: Runtime,
  checkpoint: ModelSource,
  options: LoadOptions,
  pluginVersion: string,
): Promise<TrainableModel> {
  const checked = checkOptions(options);
  refusePrecision(checked.precision);
  const files = await runtime.openModelFiles(checkpoint, options.runtime);
  const encoder = selectEncoder(files.checkpoint, options.weights);
  const sizes = chooseSizes(encoder, configWithOption(findConfig(files.checkpoint, files.config), options.config));
  // How long records are embedded says nothing about training.
  const { windows: _windows, hop: _hop, ...kept } = checked;
  const provenance: ModelProvenance = {
    plugin: 'hubert-ecg',
    pluginVersion,
    model: chooseModel(encoder.name, sizes, options.model),
    checkpointSha256: await files.sha256(),
    parameters: countParameters(trainingGraph(encoder, sizes, { labels: 1 }).model),
    options: { ...kept, ...chosenWeights(encoder), ...givenConfig(options) },
  };
  return new TrainableHubertEcg({ files, encoder, sizes, provenance, options: checked, asked: options.weights });
}

interface Parts {
  readonly files: ModelFiles;
  readonly encoder: SelectedWeights;
  readonly sizes: Sizes;
  readonly provenance: ModelProvenance;
  readonly options: HubertEcgOptions;
  /** The option `weights`. */
  readonly asked: unknown;
}

/** HuBERT-ECG with a linear head on the mean token; an example is a prepared window of 5 s. */
class TrainableHubertEcg implements TrainableModel {
  readonly sampleRate: number;
  readonly channels: number;
  readonly provenance: ModelProvenance;
  readonly weights: TrainableModel['weights'];
  readonly blocks: readonly string[];

  constructor(readonly parts: Parts) {
    const { files, sizes, provenance, options } = parts;
    this.sampleRate = options.inputRate;
    this.channels = options.leads.length;
    this.provenance = provenance;
    this.weights = files.external;
    this.blocks = Array.from({ length: sizes.layers }, (_, layer) => `checkpoint/encoder.layers.${layer}.`);
  }

  form(): ExampleForm {
    return { samples: leastSamples(this.sampleRate), shape: [windowSamples] };
  }

  /** @throws SignalError for records that are shorter than a window, in other units, or with a flat lead */
  async prepare(
    signals: SignalBatch,
    { samples }: ExampleForm,
    { abortSignal }: EmbedOptions = {},
  ): Promise<Float32Array> {
    if (signals.samples < samples) {
      throw new SignalError({
        asked: `records of ${windowSeconds} s (${samples} samples)`,
        found: `${signals.samples} samples`,
        fix: 'leave shorter records out',
      });
    }
    const { options } = this.parts;
    const preprocessor = createPreprocessor(options.inputRate, options);
    const records = readRecords(signals, options);
    const prepared = new Float32Array(signals.count * windowSamples);
    for (let index = 0; index < signals.count; index += 1) {
      abortSignal?.throwIfAborted();
      const target = prepared.subarray(index * windowSamples, (index + 1) * windowSamples);
      preprocessor.writeWindow(preprocessor.prepare(records(index)), 0, target);
    }
    return Promise.resolve(prepared);
  }

  network(request: NetworkRequest): TrainableNetwork {
    chooseTrainedVariant(request, this.provenance.model);
    const { outputs: labels, dropout = {} } = request;
    const { encoder, sizes } = this.parts;
    const shareOf = (kind: string) => dropout[kind] ?? 0;
    const { model, masks } = trainingGraph(encoder, sizes, {
      labels,
      dropout: {
        attention: shareOf('attention') > 0,
        modules: shareOf('modules') > 0,
        classifier: shareOf('classifier') > 0,
      },
      layerDrop: shareOf('layers') > 0,
    });
    const kindOf = (name: string) => {
      if (name.endsWith('.attention')) return 'attention';
      return name.endsWith('/classifier') ? 'classifier' : 'modules';
    };
    return {
      model,
      input: 'signal',
      head: [
        { name: 'classifier.weight', shape: [labels, sizes.width], initial: { deviation: headDeviation } },
        { name: 'classifier.bias', shape: [labels], initial: { value: 0 } },
      ],
      dropout: masks.map(({ name, shape }) => ({
        name,
        shape: shape.map((size) => (size === 'n' ? size : Number(size))),
        probability: shareOf(kindOf(name)),
      })),
      sizes: { layers: sizes.layers },
    };
  }

  readParameter(name: string): Promise<Float32Array> {
    return readParameter(this.parts.files, this.parts.encoder, name);
  }

  save(trained: TrainedWeights): Promise<SavedFile[]> {
    const { files, asked } = this.parts;
    return hubertEcgFinetuned(files, trained, asked === undefined ? {} : { weights: asked as string });
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}
