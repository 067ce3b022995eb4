import type { TrainingRecipe } from '@hearken/core';
import { mixExamples } from '@hearken/core/internal';

export { mixExamples };

/** Recipes that suit every model whose graph can be differentiated. */
export const generalRecipes: Readonly<Record<string, TrainingRecipe>> = {
  head: {
    description: 'a new linear head; all other weights stay',
    trains: 'head',
    settings: { learningRate: 1e-2, epochs: 50, weightDecay: 0 },
  },
  'last-blocks': {
    description: 'a new head and the last blocks of layers',
    trains: 'last-blocks',
    settings: { headRate: 1e-3 },
  },
  lora: {
    description: 'a new head, and low-rank adapters beside the matrices of queries and values (Hu et al. 2021)',
    trains: 'low-rank',
    settings: { learningRate: 1e-3 },
  },
  full: {
    description: 'a new head and all weights, with mixup if asked for',
    trains: 'all',
    settings: { headRate: 1e-3 },
    loss: 'mixed',
    change: mixExamples,
  },
};
