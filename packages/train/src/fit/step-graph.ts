import { OptionError, type RecipeSettings, type TrainableNetwork, type TrainingRecipe } from '@hearken/core';
import type { GraphBuilder, Value } from '@hearken/onnx';
import { type AdaptedModel, addLowRankAdapters } from '../adapters/low-rank.js';
import { differentiate } from '../differentiate.js';
import type { TrainingGraph } from '../differentiate-options.js';
import { extendModel } from '../graph/extend-model.js';
import { targetKinds } from '../kinds/registry.js';
import { patchMixContrast } from '../losses/patch-mix.js';
import type { ParameterSelection } from '../recipes/select-parameters.js';
import type { TargetKind } from './task.js';

/** What a step's graph is made of. */
export interface StepGraphParts {
  readonly network: TrainableNetwork;
  readonly recipe: TrainingRecipe;
  readonly settings: RecipeSettings;
  readonly selection: ParameterSelection;
  readonly kind: TargetKind;
  readonly outputs: number;
  /** Examples of a batch. */
  readonly batch: number;
  /** Weights of the loss: of each class, or of each label's positive examples. */
  readonly weights?: Float32Array;
}

/** A step's graph. Its inputs besides those of the network: `targets` `[n, outputs]`, and for contrast `mixingShare`. */
export interface StepGraph {
  readonly training: TrainingGraph;
  /** The network with adapters, without the loss. */
  readonly adapted: AdaptedModel;
}

/** Adds adapters and the loss to a network, and the gradients. */
export function stepGraph(parts: StepGraphParts): StepGraph {
  const { network, recipe, settings, selection, batch } = parts;
  const adapted = withAdapters(network.model, selection.adapted, settings);
  const contrasts = recipe.loss === 'patch-mix-contrast';
  const model = extendModel(adapted.model, (graph) => {
    graph.output('loss', lossOf(graph, parts), []);
  });
  const training = differentiate(model, {
    loss: 'loss',
    parameters: [
      ...network.head.filter(({ isStatistic }) => isStatistic !== true).map(({ name }) => name),
      ...selection.trained,
      ...adapted.adapters.flatMap(({ down, up }) => [down.name, up.name]),
    ],
    dimensions: { n: batch },
    ...(contrasts ? { detached: ['target'] } : {}),
    ...(settings.batchStatistics === true || network.head.some(({ isStatistic }) => isStatistic)
      ? { batchStatistics: { momentum: settings.statisticsMomentum as number } }
      : {}),
  });
  return { training, adapted };
}

/** Adapters on some matrices of a network; the network as it is for none. */
export function withAdapters(
  model: Uint8Array<ArrayBuffer>,
  matrices: readonly string[],
  { rank, alpha }: RecipeSettings,
): AdaptedModel {
  if (matrices.length === 0) return { model, adapters: [] };
  return addLowRankAdapters(model, { matrices, rank: rank as number, scale: (alpha as number) / (rank as number) });
}

function lossOf(graph: GraphBuilder, { kind, outputs, batch, recipe, settings, weights }: StepGraphParts): Value {
  const of = targetKinds[kind];
  const contrasts = recipe.loss === 'patch-mix-contrast';
  if (contrasts && !of.isExclusive) {
    throw new OptionError({
      asked: 'a contrastive loss for this task',
      found: of.targets,
      fix: 'choose another recipe, such as full',
    });
  }
  const weighted = weights === undefined ? {} : { weights: graph.constant(weights, [outputs]) };
  const targets = graph.input('targets', [batch, outputs]);
  const loss = of.loss(graph, { logits: { name: 'logits' }, targets, outputs, ...weighted });
  if (!contrasts) return loss;
  const mix = { partners: { name: 'partners' }, lambda: graph.input('mixingShare', []) };
  const temperature = settings.temperature as number | undefined;
  const [projection, target] = ['projection', 'target'].map((name) => ({ name }));
  return graph.node('Add', [loss, patchMixContrast(graph, projection, target, batch, mix, temperature)]);
}
