import type { ExampleForm, TrainableModel, TrainableNetwork } from '@hearken/core';
import { elementCount } from '../graph/tensor-elements.js';
import type { ResolvedRecipe } from '../recipes/resolve-recipe.js';
import { type ParameterSelection, selectParameters } from '../recipes/select-parameters.js';
import { trainingBytes } from './memory.js';
import { type StepGraph, stepGraph } from './step-graph.js';
import type { Examples, TargetKind } from './task.js';

/** What a training's graph follows from. */
export interface FineTuningRequest {
  /** The opened model. */
  readonly model: TrainableModel;
  /** How it is trained. */
  readonly recipe: ResolvedRecipe;
  /** The form of the rows' examples. */
  readonly form: ExampleForm;
  /** What it learns. */
  readonly kind: TargetKind;
  /** Number of training examples and of labels. */
  readonly data: Pick<Examples, 'count' | 'outputs'>;
}

/** What a training will take. */
export interface FineTuningPlan {
  /** An estimate of the bytes of memory. */
  readonly bytes: number;
  /** Number of elements that are trained. */
  readonly trainedElements: number;
  /** Examples of a step. */
  readonly batch: number;
  /** Updates of the whole training, if it does not stop early. */
  readonly updates: number;
}

/**
 * Says what a training will take, before memory is taken: only its graph is made.
 *
 * @throws OptionError for a recipe that the model or the task can't have, or an operator without gradient
 */
export function planFineTuning(request: FineTuningRequest): FineTuningPlan {
  const { recipe, data } = request;
  const { training, batch } = buildStep(request);
  const { updatesPerEpoch } = batchesOf(recipe, batch, data.count);
  return {
    bytes: trainingBytes(training, recipe),
    trainedElements: elementCount(training.parameters),
    batch,
    updates: (recipe.settings.epochs as number) * updatesPerEpoch,
  };
}

/**
 * How an epoch is divided. Of few rows, an update has as many batches as there are.
 *
 * @param count of training examples
 */
export function batchesOf({ settings }: Pick<ResolvedRecipe, 'settings'>, batch: number, count: number) {
  const accumulate = Math.min(settings.accumulate as number, Math.floor(count / batch));
  return { accumulate, updatesPerEpoch: Math.floor(count / batch / accumulate) };
}

/** A step's graph, and what it was made from. */
export interface BuiltStep extends StepGraph {
  readonly network: TrainableNetwork;
  readonly selection: ParameterSelection;
  readonly batch: number;
}

/** @param request with the weights of the loss, if the recipe has some */
export function buildStep(request: FineTuningRequest & { readonly weights?: Float32Array }): BuiltStep {
  const { model, form, kind, data, weights } = request;
  const { recipe, settings } = request.recipe;
  const { outputs } = data;
  const dropout = recipe.dropout?.(settings);
  const network = model.network({
    outputs,
    form,
    ...(recipe.network === undefined ? {} : { variant: recipe.network }),
    ...(dropout === undefined ? {} : { dropout }),
  });
  const selection = selectParameters(network, recipe, settings, model.blocks);
  const batch = Math.min(settings.batchSize as number, data.count);
  const parts = { network, recipe, settings, selection, kind, outputs, batch };
  return { network, selection, batch, ...stepGraph({ ...parts, ...(weights && { weights }) }) };
}
