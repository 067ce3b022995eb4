import {
  type EmbedOptions,
  type ExampleForm,
  type LoadOptions,
  type ModelSource,
  type NetworkRequest,
  type SavedFile,
  type SignalBatch,
  type TrainableModel,
  type TrainableNetwork,
  type TrainedWeights,
} from '@hearken/core';
import {
  chooseTrainedVariant,
  chosenWeights,
  configWithOption,
  countParameters,
  fillWindow,
  FrontEndSession,
  givenConfig,
  type ModelFiles,
  type ModelProvenance,
  readParameter,
  refusePrecision,
  type Runtime,
  type SelectedWeights,
} from '@hearken/onnx';
import { hearFinetuned } from './finetuned.js';
import { sampleRate, windowSamples } from './front-end.js';
import { buildFrontEnd } from './graph.js';
import { checkOptions } from './options.js';
import { chooseSizes, selectEncoder, type Sizes } from './sizes.js';
import { trainingGraph } from './training-graph.js';

/** Deviation of a new head's weights: that of the encoder's own when its training began (ViT's `initializer_range`). */
const headDeviation = 0.02;
/** Windows that are prepared at once. */
const batchSize = 16;

/**
 * Opens a checkpoint to train it.
 *
 * @throws CheckpointError for anything that is not a HeAR checkpoint; OptionError for a precision without gradients
 */
export async function openTraining(
  runtime: Runtime,
  checkpoint: ModelSource,
  options: LoadOptions,
  names: Pick<ModelProvenance, 'plugin' | 'pluginVersion' | 'model'>,
): Promise<TrainableModel> {
  const { precision } = checkOptions(options);
  refusePrecision(precision);
  const files = await runtime.openModelFiles(checkpoint, options.runtime);
  const encoder = selectEncoder(files.checkpoint, options.weights);
  const sizes = chooseSizes(encoder, configWithOption(files.config, options.config));
  const provenance: ModelProvenance = {
    ...names,
    checkpointSha256: await files.sha256(),
    parameters: countParameters(trainingGraph(encoder, sizes, 1)),
    options: { ...chosenWeights(encoder), ...givenConfig(options) },
  };
  const frontEnd = new FrontEndSession(() => runtime.createSession(buildFrontEnd(sizes), options.runtime ?? {}));
  return new TrainableHear({
    files,
    encoder,
    sizes,
    provenance,
    frontEnd,
    asked: options.weights as string | undefined,
  });
}

interface Parts {
  readonly files: ModelFiles;
  readonly encoder: SelectedWeights;
  readonly sizes: Sizes;
  readonly provenance: ModelProvenance;
  readonly frontEnd: FrontEndSession;
  /** The option `weights`. */
  readonly asked: string | undefined;
}

/** HeAR with a linear head on the scene embedding; an example is the image of 2 s. */
class TrainableHear implements TrainableModel {
  readonly sampleRate = sampleRate;
  readonly channels = 1;
  readonly provenance: ModelProvenance;
  readonly weights: TrainableModel['weights'];
  readonly blocks: readonly string[];

  constructor(readonly parts: Parts) {
    this.provenance = parts.provenance;
    this.weights = parts.files.external;
    this.blocks = Array.from({ length: parts.sizes.layers }, (_, layer) => `checkpoint/encoder.layer.${layer}.`);
  }

  form(): ExampleForm {
    const { frames, bands } = this.parts.sizes.image;
    return { samples: windowSamples, shape: [frames, bands] };
  }

  async prepare(signals: SignalBatch, { shape }: ExampleForm, options?: EmbedOptions): Promise<Float32Array> {
    return this.parts.frontEnd.prepare({
      ...options,
      count: signals.count,
      windowSize: windowSamples,
      fill: (signal, target) => {
        fillWindow({ signals, start: 0 }, signal, 0, target, 'zeros');
      },
      output: 'image',
      embeddingSize: shape[0] * shape[1],
      batchSize,
    });
  }

  network(request: NetworkRequest): TrainableNetwork {
    chooseTrainedVariant(request, this.provenance.model);
    const { outputs } = request;
    const { encoder, sizes } = this.parts;
    return {
      model: trainingGraph(encoder, sizes, outputs),
      input: 'image',
      head: [
        { name: 'head.weight', shape: [outputs, sizes.sceneEmbeddingSize], initial: { deviation: headDeviation } },
        { name: 'head.bias', shape: [outputs], initial: { value: 0 } },
      ],
    };
  }

  readParameter(name: string): Promise<Float32Array> {
    return readParameter(this.parts.files, this.parts.encoder, name);
  }

  save(trained: TrainedWeights): Promise<SavedFile[]> {
    const { files, asked } = this.parts;
    return hearFinetuned(files, trained, asked === undefined ? {} : { weights: asked });
  }

  dispose(): Promise<void> {
    return this.parts.frontEnd.dispose();
  }
}
