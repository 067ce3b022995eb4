import { OptionError } from '@hearken/core';
import {
  audioSetLabels,
  type Checkpoint,
  concat,
  GraphBuilder,
  type Value,
  weight as checkpointWeight,
} from '@hearken/onnx';
import { logMel } from './front-end.js';
import { type ModelVariant, variants } from './models.js';
import { type Head, Network, type WeightSource } from './network.js';
import type { ChosenVariant } from './variant.js';

const audioSetHead: Head = { kind: 'mlp', classes: audioSetLabels.length };

/**
 * The whole model as one graph: `signal` `[n, samples]` in, `embedding` `[n, size]` out, with weights left in the
 * checkpoint.
 *
 * @param features in the order of the embedding
 */
export function buildGraph(
  checkpoint: Checkpoint,
  { model, variant }: ChosenVariant,
  features: readonly string[],
): { model: Uint8Array; size: number } {
  const graph = new GraphBuilder(model);
  const need = `this model (width ${variant.width})`;
  const weight: WeightSource = (name, shape) => checkpointWeight(graph, checkpoint, name, shape, need);
  const size = addModel(graph, model, variant, checkpointHead(checkpoint) ?? audioSetHead, features, weight);
  return { model: graph.build(), size };
}

/** Names and shapes of all tensors in a model's checkpoint, as published by the authors. */
export function publishedTensors(model: string): {
  /** Name in the checkpoint. */
  name: string;
  /** Sizes of the dimensions. */
  shape: readonly number[];
}[] {
  const tensors = new Map<string, readonly number[]>();
  const graph = new GraphBuilder(model);
  const record = (name: string, shape: readonly number[]): Value => {
    tensors.set(name, shape);
    return { name };
  };
  const kind = model.includes('_fc') ? 'convolutional' : 'mlp';
  addModel(graph, model, variants[model], { ...audioSetHead, kind }, ['logits'], record);
  return Array.from(tensors, ([name, shape]) => ({ name, shape }));
}

function addModel(
  graph: GraphBuilder,
  model: string,
  variant: ModelVariant,
  head: Head,
  features: readonly string[],
  weight: WeightSource,
): number {
  const signal = graph.input('signal', ['n', 'samples']);
  const makers = new Network(graph, variant, head, weight).build(logMel(graph, signal, variant));
  const parts = features.map((name) => {
    const maker = makers.get(name);
    if (maker === undefined) {
      throw new OptionError({
        asked: `feature '${name}' of ${model}`,
        found: 'a fully convolutional head, which has no such layer',
        fix: 'omit it, or use logits',
      });
    }
    return maker;
  });
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const embedding = concat(
    graph,
    parts.map((part) => part.make()),
    1,
  );
  graph.output('embedding', embedding, ['n', size]);
  return size;
}

/** The kind of head in the checkpoint; models fine-tuned on other labels have other numbers of classes. */
export function checkpointHead({ tensors }: Checkpoint): Head | undefined {
  const convolutional = tensors.get('classifier.0.weight')?.shape[0];
  if (convolutional !== undefined) return { kind: 'convolutional', classes: convolutional };
  const classes = tensors.get('classifier.5.weight')?.shape[0];
  return classes === undefined ? undefined : { kind: 'mlp', classes };
}
