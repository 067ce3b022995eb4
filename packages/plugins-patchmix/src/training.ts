import {
  type EmbedOptions,
  type ExampleForm,
  type HeadTensor,
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
  type ModelProvenance,
  readParameter,
  refusePrecision,
  type Runtime,
} from '@hearken/onnx';
import { patchMixFinetuned } from './finetuned.js';
import { buildFrontEnd } from './graph.js';
import { type OpenedModel, openModel } from './open-model.js';
import { type CheckedOptions, checkOptions } from './options.js';
import { frameSamples, sampleRate } from './preparation.js';
import { positionsName, trainingGraph } from './training-graph.js';

/** Windows that are prepared at once. */
const batchSize = 8;
/** The variants of the network that mix patches. */
const mixings = ['patches', 'contrast'] as const;

/**
 * Opens a checkpoint to train it.
 *
 * @throws CheckpointError for anything that is not an AST; OptionError for sizes that it doesn't show, for a precision
 *   without gradients, and for features, which a model with a new head doesn't have
 */
export async function openTraining(
  runtime: Runtime,
  checkpoint: ModelSource,
  options: LoadOptions,
  pluginVersion: string,
): Promise<TrainableModel> {
  const checked = checkOptions(options);
  if (options.features !== undefined) {
    throw new OptionError({
      asked: `features ${JSON.stringify(options.features)} of a model to train`,
      found: 'a training, which makes a new head',
      fix: 'leave the option features out',
    });
  }
  refusePrecision(checked.precision);
  const opened = await openModel(await runtime.openModelFiles(checkpoint, options.runtime), checked);
  const { files, ast, sizes, preparation, positions } = opened;
  const { frames, times, padding, mean, std, windowSamples, model } = preparation;
  const graph = trainingGraph({ ast, sizes, times, frames, positions }, { classes: 1, mixing: 'none' });
  const provenance: ModelProvenance = {
    plugin: 'patchmix',
    pluginVersion,
    model,
    checkpointSha256: await files.sha256(),
    parameters: countParameters(graph),
    options: {
      padding,
      seconds: windowSamples / sampleRate,
      stride: [...sizes.stride],
      heads: sizes.heads,
      mean,
      std,
      ...(checked.positions === undefined ? {} : { positions: checked.positions }),
      ...chosenWeights(ast.encoder),
    },
  };
  const frontEnd = new FrontEndSession(() =>
    runtime.createSession(buildFrontEnd(preparation, sizes.bands), options.runtime ?? {}),
  );
  return new TrainablePatchMix(opened, checked, provenance, frontEnd);
}

/** Patch-Mix or AST with a new head; an example is the normalised log-mel of one window. */
class TrainablePatchMix implements TrainableModel {
  readonly sampleRate = sampleRate;
  readonly channels = 1;
  readonly weights: TrainableModel['weights'];
  readonly blocks: readonly string[];

  constructor(
    readonly opened: OpenedModel,
    readonly options: CheckedOptions,
    readonly provenance: ModelProvenance,
    readonly frontEnd: FrontEndSession,
  ) {
    const { files, ast, sizes } = opened;
    this.weights = files.external;
    this.blocks = Array.from({ length: sizes.layers }, (_, layer) => `checkpoint/${ast.names.layers}.${layer}.`);
  }

  form(): ExampleForm {
    const { sizes, preparation } = this.opened;
    // One more sample shows that a clip continues, so that it is cut instead of faded out.
    return { samples: preparation.windowSamples + 1, shape: [sizes.bands, preparation.frames] };
  }

  async prepare(signals: SignalBatch, { samples, shape }: ExampleForm, options?: EmbedOptions): Promise<Float32Array> {
    return this.frontEnd.prepare({
      ...options,
      count: signals.count,
      windowSize: Math.max(frameSamples, Math.min(samples, signals.samples)),
      fill: (signal, target) => {
        fillWindow({ signals, start: 0 }, signal, 0, target, 'zeros');
      },
      output: 'fbank',
      embeddingSize: shape[0] * shape[1],
      batchSize,
    });
  }

  network(request: NetworkRequest): TrainableNetwork {
    const { outputs: classes } = request;
    const { ast, sizes, preparation, positions } = this.opened;
    const { frames, times } = preparation;
    const mixing = chooseTrainedVariant(request, this.provenance.model, mixings) ?? 'none';
    return {
      model: trainingGraph({ ast, sizes, times, frames, positions }, { classes, mixing }),
      input: 'fbank',
      head: [...classifier(sizes.width, classes), ...(mixing === 'contrast' ? projector(sizes.width) : [])],
      sizes: { patches: sizes.frequencies * times },
    };
  }

  readParameter(name: string): Promise<Float32Array> {
    const { files, ast, positions } = this.opened;
    if (positions !== undefined && name === positionsName(ast)) return Promise.resolve(positions.slice());
    return readParameter(files, ast.encoder, name);
  }

  save(trained: TrainedWeights): Promise<SavedFile[]> {
    const { files, ast, positions } = this.opened;
    const tensors = new Map(trained.tensors);
    if (positions !== undefined) {
      const name = positionsName(ast);
      tensors.set(ast.names.positions, tensors.get(name) ?? positions);
      tensors.delete(name);
    }
    const { stride, heads, weights } = this.options;
    return patchMixFinetuned(
      files,
      { ...trained, tensors },
      {
        ...(stride === undefined ? {} : { stride }),
        ...(heads === undefined ? {} : { heads }),
        ...(weights === undefined ? {} : { weights: weights as string }),
      },
    );
  }

  dispose(): Promise<void> {
    return this.frontEnd.dispose();
  }
}

/** A linear layer begins as in PyTorch, uniform in ±1 / sqrt(inputs): here, with that deviation. */
function layer(name: string, inputs: number, outputs: number): HeadTensor[] {
  const initial = { deviation: 1 / Math.sqrt(3 * inputs) };
  return [
    { name: `${name}.weight`, shape: [outputs, inputs], initial },
    { name: `${name}.bias`, shape: [outputs], initial },
  ];
}

function norm(name: string, width: number): HeadTensor[] {
  return [
    { name: `${name}.weight`, shape: [width], initial: { value: 1 } },
    { name: `${name}.bias`, shape: [width], initial: { value: 0 } },
  ];
}

function classifier(width: number, classes: number): HeadTensor[] {
  return [...norm('classifier.0', width), ...layer('classifier.1', width, classes)];
}

function projector(width: number): HeadTensor[] {
  return [
    ...layer('projector.linear1', width, width),
    ...norm('projector.bn', width),
    { name: 'projector.bn.running_mean', shape: [width], initial: { value: 0 }, isStatistic: true },
    { name: 'projector.bn.running_var', shape: [width], initial: { value: 1 }, isStatistic: true },
    ...layer('projector.linear2', width, width),
  ];
}
