import type { ExampleForm, TrainableModel } from '@hearken/core';
import type { AdapterMatrices, LowRankAdapters } from '@hearken/onnx';
import { withAdapters } from '../fit/step-graph.js';
import type { ResolvedRecipe } from '../recipes/resolve-recipe.js';
import { selectParameters } from '../recipes/select-parameters.js';

/** Which training weights are from. */
export interface TrainedRecipe {
  /** The model that was trained. */
  readonly model: Pick<TrainableModel, 'network' | 'readParameter' | 'blocks'>;
  /** How. */
  readonly recipe: ResolvedRecipe;
  /** The form of its examples. */
  readonly form: ExampleForm;
  /** Number of logits. */
  readonly outputs: number;
}

/** Trained weights without adapters. */
export interface MergedWeights {
  /** What `TrainableModel.save` takes: trained tensors by their names in the graph, and the adapted matrices. */
  readonly tensors: ReadonlyMap<string, Float32Array>;
  /** The adapters alone, for `writeAdapter` of `@hearken/onnx`; absent if the recipe trains none. */
  readonly adapters?: LowRankAdapters;
}

/**
 * Puts low-rank adapters into the matrices that they adapt: W + alpha / rank B A (Hu et al. 2021, arXiv 2106.09685,
 * section 4.1), summed in float64 and stored as float32. Weights of a recipe without adapters stay as they are.
 *
 * @param weights those of `FineTuned`, by their names in the graph
 */
export async function mergeAdapters(
  { model, recipe: { recipe, settings }, form, outputs }: TrainedRecipe,
  weights: ReadonlyMap<string, Float32Array>,
): Promise<MergedWeights> {
  if (recipe.trains !== 'low-rank') return { tensors: weights };
  const network = model.network({ outputs, form });
  const { adapted } = selectParameters(network, recipe, settings, model.blocks);
  const { adapters } = withAdapters(network.model, adapted, settings);
  const [rank, alpha] = [settings.rank as number, settings.alpha as number];
  const tensors = new Map(weights);
  const modules = new Map<string, AdapterMatrices>();
  for (const { matrix, down, up, isTransposed } of adapters) {
    const found = { down: weights.get(down.name), up: weights.get(up.name) };
    if (found.down === undefined || found.up === undefined) continue;
    const matrices = {
      down: { data: found.down, shape: down.shape },
      up: { data: found.up, shape: up.shape },
    };
    modules.set(down.name.replace(/\.lora_A\.weight$/, ''), matrices);
    tensors.set(matrix, sum(await model.readParameter(matrix), matrices, alpha / rank, isTransposed));
    tensors.delete(down.name);
    tensors.delete(up.name);
  }
  return { tensors, adapters: { rank, alpha, modules } };
}

/** W + factor B A, where W is `[outputs, inputs]`, or `[inputs, outputs]` if it is not transposed in the product. */
function sum(weight: Float32Array, { down, up }: AdapterMatrices, factor: number, isTransposed: boolean): Float32Array {
  const [[rank, inputs], [outputs]] = [down.shape, up.shape];
  const merged = new Float32Array(weight.length);
  const row = new Float64Array(inputs);
  for (let output = 0; output < outputs; output += 1) {
    row.fill(0);
    for (let inner = 0; inner < rank; inner += 1) {
      const share = up.data[output * rank + inner];
      for (let input = 0; input < inputs; input += 1) row[input] += share * down.data[inner * inputs + input];
    }
    for (let input = 0; input < inputs; input += 1) {
      const place = isTransposed ? output * inputs + input : input * outputs + output;
      merged[place] = weight[place] + factor * row[input];
    }
  }
  return merged;
}
