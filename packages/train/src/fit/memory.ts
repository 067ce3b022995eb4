import { OptionError } from '@hearken/core';
import type { TrainingGraph } from '../differentiate-options.js';
import { elementCount } from '../graph/tensor-elements.js';
import type { ResolvedRecipe } from '../recipes/resolve-recipe.js';

/**
 * An estimate of the bytes that a training takes: those of a step, and what stays between steps.
 *
 * @param training its graph
 */
export function trainingBytes(training: TrainingGraph, { settings }: Pick<ResolvedRecipe, 'settings'>): number {
  const elements = elementCount(training.parameters);
  // The graph's estimate has parameters and gradients once; besides there are the optimiser's state, the best weights,
  // and what is accumulated and averaged.
  const state = settings.optimiser === 'sgd' ? 1 : 2;
  const copies = state + 1 + (settings.accumulate === 1 ? 0 : 1) + (settings.averageDecay === 0 ? 0 : 1);
  return training.peakBytes + 4 * elements * copies;
}

/** @throws OptionError if a training takes more memory than there is */
export function checkMemory(training: TrainingGraph, recipe: ResolvedRecipe, available: number | undefined): void {
  const needed = trainingBytes(training, recipe);
  if (available === undefined || needed <= available) return;
  const { batchSize, accumulate } = recipe.settings as Record<string, number>;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  const smaller =
    batchSize > 1
      ? `a smaller batch that is accumulated (batchSize=${Math.ceil(batchSize / 2)} accumulate=${accumulate * 2}), `
      : '';
  throw new OptionError({
    asked: `recipe '${recipe.name}' with batches of ${batchSize}`,
    found: `about ${gigabytes(needed)} of memory needed, ${gigabytes(available)} free`,
    fix: `choose ${smaller}fewer blocks, recipe lora or head, or shorter clips`,
  });
}
