import { OptionError } from '@hearken/core';
import {
  type Checkpoint,
  GraphBuilder,
  type ModelFiles,
  multiply,
  type Value,
  weight as checkpointWeight,
} from '@hearken/onnx';
import { classifierChannels, scaledChannels } from './architecture.js';
import { checkpointHead } from './model-graph.js';
import type { ModelVariant } from './models.js';
import { Network } from './network.js';
import { type ChosenVariant, chooseVariant, selectNetwork } from './variant.js';

/** What a training graph of EfficientAT has besides its trunk. */
export interface EfficientAtTrainingOptions {
  /** The model, such as `mn10_as`; default: the one that has the checkpoint's weights. */
  readonly model?: string;
  /** Outputs of the new last layer. */
  readonly classes: number;
  /** Frames of the log-mel spectrograms. */
  readonly frames: number;
  /** Whether values in front of the last layer are dropped: `dropoutMask` is then an input. Default: no. */
  readonly dropout?: boolean;
}

/**
 * Builds the graph that is fine-tuned: the network of a checkpoint, without its front end, and a new last layer. Inputs:
 * `logMel` `[n, mel bands, frames]`, the output of the front end; `classifier.5.weight` `[classes, channels]` and
 * `classifier.5.bias`; with dropout, `dropoutMask` `[n, channels]`, where 0 drops a value and 1 / (1 - p) keeps it.
 * Output: `logits` `[n, classes]`. Weights are in the checkpoint, as `checkpoint/<name>`. Batch norms use the running
 * statistics; `differentiate` can make them use the batch's.
 *
 * @returns a serialised ONNX model
 * @throws CheckpointError for a checkpoint of something else; OptionError for a fully convolutional model, whose last
 *   layer cannot be replaced
 */
export function efficientAtTrainingGraph(
  files: ModelFiles,
  { model, ...options }: EfficientAtTrainingOptions,
): Uint8Array<ArrayBuffer> {
  const network = selectNetwork(files.checkpoint, undefined);
  return trainingGraph(network, chooseVariant(network, model === undefined ? {} : { model }), options);
}

/**
 * The same for a network that was chosen before.
 *
 * @throws like {@link efficientAtTrainingGraph}
 */
export function trainingGraph(
  network: Checkpoint,
  { model, variant }: ChosenVariant,
  { classes, frames, dropout = false }: Omit<EfficientAtTrainingOptions, 'model'>,
): Uint8Array<ArrayBuffer> {
  refuseConvolutional(network, model);
  const graph = new GraphBuilder(`${model}-training`);
  const channels = headChannels(variant);
  const head = new Map([
    ['classifier.5.weight', graph.input('classifier.5.weight', [classes, channels])],
    ['classifier.5.bias', graph.input('classifier.5.bias', [classes])],
  ]);
  const need = `this model (width ${variant.width})`;
  const weight = (name: string, shape: readonly number[]) =>
    head.get(name) ?? checkpointWeight(graph, network, name, shape, need);
  const drop = (value: Value) =>
    dropout ? multiply(graph, value, graph.input('dropoutMask', ['n', channels])) : value;
  const logMel = graph.input('logMel', ['n', variant.melBands, frames]);
  const features = new Network(graph, variant, { kind: 'mlp', classes }, weight, drop).build(logMel);
  const logits = features.get('logits')?.make();
  if (logits === undefined) throw new Error('a network without logits');
  graph.output('logits', logits, ['n', classes]);
  return graph.build();
}

/** Values that the last layer takes. */
export function headChannels({ width }: ModelVariant): number {
  return scaledChannels(classifierChannels, width);
}

/** @throws OptionError for a model whose last layer cannot be replaced */
export function refuseConvolutional(network: Checkpoint, model: string): void {
  if (checkpointHead(network)?.kind !== 'convolutional') return;
  throw new OptionError({
    asked: `a new head for ${model}`,
    found: 'a fully convolutional model',
    fix: 'train a model without _fc in its name',
  });
}
