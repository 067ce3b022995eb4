import {
  type EmbedOptions,
  type ExampleForm,
  type LoadOptions,
  type ModelSource,
  type NetworkRequest,
  OptionError,
  type SavedFile,
  type SignalBatch,
  type TrainableModel,
  type TrainableNetwork,
  type TrainedWeights,
} from '@hearken/core';
import {
  chooseTrainedVariant,
  chosenWeights,
  countParameters,
  fillWindow,
  FrontEndSession,
  type ModelFiles,
  type ModelProvenance,
  readParameter,
  type Runtime,
  type SelectedWeights,
} from '@hearken/onnx';
import { efficientAtFinetuned } from './finetuned.js';
import { buildFrontEnd, frameCount, minimumSamples, sampleRate } from './front-end.js';
import { headChannels, refuseConvolutional, trainingGraph } from './training-graph.js';
import { type ChosenVariant, chooseVariant, selectNetwork } from './variant.js';
import { sceneWindowing } from './windows.js';

/** Deviation of a new last layer's weights, as the authors draw them. */
const headDeviation = 0.01;
/** The most samples that are prepared at once (40 s), which bounds the memory. */
const samplesPerCall = 40 * sampleRate;

/**
 * Opens a checkpoint to train it.
 *
 * @throws CheckpointError for anything that is not an EfficientAT checkpoint; OptionError for a fully convolutional model,
 *   and for features, which a model with a new head doesn't have
 */
export async function openTraining(
  runtime: Runtime,
  checkpoint: ModelSource,
  options: LoadOptions,
  pluginVersion: string,
): Promise<TrainableModel> {
  if (options.features !== undefined) {
    throw new OptionError({
      asked: `features ${JSON.stringify(options.features)} of a model to train`,
      found: 'a training, in which a new head takes what the last layer took',
      fix: 'leave the option features out',
    });
  }
  const files = await runtime.openModelFiles(checkpoint, options.runtime);
  const network = selectNetwork(files.checkpoint, options.weights);
  const chosen = chooseVariant(network, options);
  refuseConvolutional(network, chosen.model);
  const { hopMilliseconds, melBands } = chosen.variant;
  const model = trainingGraph(network, chosen, { classes: 1, frames: 1 });
  const provenance: ModelProvenance = {
    plugin: 'efficientat',
    pluginVersion,
    model: chosen.model,
    checkpointSha256: await files.sha256(),
    parameters: countParameters(model),
    options: { hopMilliseconds, melBands, ...chosenWeights(network) },
  };
  const frontEnd = new FrontEndSession(() =>
    runtime.createSession(buildFrontEnd(chosen.variant), options.runtime ?? {}),
  );
  return new TrainableEfficientAt({
    files,
    network,
    chosen,
    provenance,
    frontEnd,
    asked: options.weights as string | undefined,
  });
}

interface Parts {
  readonly files: ModelFiles;
  readonly network: SelectedWeights;
  readonly chosen: ChosenVariant;
  readonly provenance: ModelProvenance;
  readonly frontEnd: FrontEndSession;
  /** The option `weights`. */
  readonly asked: string | undefined;
}

/** EfficientAT with a new last layer; an example is the log-mel of a clip of up to 10 s, the length of a scene's window. */
class TrainableEfficientAt implements TrainableModel {
  readonly sampleRate = sampleRate;
  readonly channels = 1;
  readonly provenance: ModelProvenance;
  readonly weights: TrainableModel['weights'];
  /** The stem, the blocks, and the last convolution. */
  readonly blocks = Array.from({ length: 17 }, (_, index) => `checkpoint/features.${index}.`);

  constructor(readonly parts: Parts) {
    this.provenance = parts.provenance;
    this.weights = parts.files.external;
  }

  form(seconds: number | undefined): ExampleForm {
    const { variant } = this.parts.chosen;
    const asked = Math.round((seconds ?? Infinity) * sampleRate);
    const samples = Math.max(minimumSamples, Math.min(asked, sceneWindowing.length));
    return { samples, shape: [variant.melBands, frameCount(samples, variant)] };
  }

  /** Clips that are shorter than the form are followed by silence. */
  async prepare(signals: SignalBatch, { samples, shape }: ExampleForm, options?: EmbedOptions): Promise<Float32Array> {
    return this.parts.frontEnd.prepare({
      ...options,
      count: signals.count,
      windowSize: samples,
      fill: (signal, target) => {
        fillWindow({ signals, start: 0 }, signal, 0, target, 'zeros');
      },
      output: 'example',
      embeddingSize: shape[0] * shape[1],
      batchSize: Math.max(1, Math.floor(samplesPerCall / samples)),
    });
  }

  network(request: NetworkRequest): TrainableNetwork {
    chooseTrainedVariant(request, this.provenance.model);
    const { outputs: classes, form, dropout = {} } = request;
    const { network, chosen } = this.parts;
    const channels = headChannels(chosen.variant);
    const probability = dropout.classifier ?? 0;
    return {
      model: trainingGraph(network, chosen, { classes, frames: form.shape[1], dropout: probability > 0 }),
      input: 'logMel',
      head: [
        { name: 'classifier.5.weight', shape: [classes, channels], initial: { deviation: headDeviation } },
        { name: 'classifier.5.bias', shape: [classes], initial: { value: 0 } },
      ],
      ...(probability > 0 ? { dropout: [{ name: 'dropoutMask', shape: ['n', channels], probability }] } : {}),
    };
  }

  readParameter(name: string): Promise<Float32Array> {
    return readParameter(this.parts.files, this.parts.network, name);
  }

  save(trained: TrainedWeights): Promise<SavedFile[]> {
    const { files, chosen, asked } = this.parts;
    return efficientAtFinetuned(files, trained, {
      model: chosen.model,
      ...(asked === undefined ? {} : { weights: asked }),
    });
  }

  dispose(): Promise<void> {
    return this.parts.frontEnd.dispose();
  }
}
