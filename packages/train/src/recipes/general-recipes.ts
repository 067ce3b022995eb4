import type { ChangedBatch, ExampleBatch, RandomNumbers, RecipeSettings, TrainingRecipe } from '@hearken/core';

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

/**
 * Mixup (Zhang et al. 2018, arXiv 1710.09412) with a share for each example: `x = l x + (1 - l) x'`, l from Beta(a, a) and
 * at least a half, as EfficientAT's authors draw it; `settings.mixup` is a.
 */
export function mixExamples(batch: ExampleBatch, random: RandomNumbers, settings: RecipeSettings): ChangedBatch {
  const alpha = Number(settings.mixup);
  if (alpha === 0) return {};
  const { data, count } = batch;
  const size = data.length / count;
  const partners = random.shuffle(Array.from({ length: count }, (_, index) => index));
  const shares = partners.map(() => {
    const drawn = betaDraw(alpha, alpha, random);
    return Math.max(drawn, 1 - drawn);
  });
  const former = data.slice();
  for (let example = 0; example < count; example += 1) {
    const [share, partner] = [shares[example], partners[example] * size];
    for (let index = 0; index < size; index += 1) {
      const place = example * size + index;
      data[place] = share * former[place] + (1 - share) * former[partner + index];
    }
  }
  return { mix: { partners, shares } };
}

/** A draw from Beta(a, b) by Jöhnk's method (1964), which suits parameters up to about 1; larger ones need many tries. */
export function betaDraw(a: number, b: number, random: RandomNumbers): number {
  for (;;) {
    // In logarithms: powers of small numbers underflow.
    const [left, right] = [Math.log(1 - random.uniform()) / a, Math.log(1 - random.uniform()) / b];
    const largest = Math.max(left, right);
    const total = largest + Math.log(Math.exp(left - largest) + Math.exp(right - largest));
    if (total <= 0) return Math.exp(left - total);
  }
}
