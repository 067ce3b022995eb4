import type { ChangedBatch, ExampleBatch, RandomNumbers, RecipeSettings } from './recipe.js';

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
function betaDraw(a: number, b: number, random: RandomNumbers): number {
  for (;;) {
    // In logarithms: powers of small numbers underflow.
    const [left, right] = [Math.log(1 - random.uniform()) / a, Math.log(1 - random.uniform()) / b];
    const largest = Math.max(left, right);
    const total = largest + Math.log(Math.exp(left - largest) + Math.exp(right - largest));
    if (total <= 0) return Math.exp(left - total);
  }
}
