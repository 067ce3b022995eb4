import type { ChangedBatch, ExampleBatch, RandomNumbers, RecipeSettings, TrainingRecipe } from '@hearken/core';

/**
 * What the authors' three methods have in common (`scripts/icbhi_*.sh` and `util/augmentation.py` of
 * github.com/raymin0223/patch-mix_contrastive_learning): Adam with an L2 penalty, half of each update, SpecAugment.
 */
const settings: RecipeSettings = {
  epochs: 50,
  batchSize: 8,
  optimiser: 'adam',
  learningRate: 5e-5,
  weightDecay: 1e-6,
  decayVectors: true,
  schedule: 'epoch-cosine',
  lastRate: 1e-3,
  clipNorm: 0,
  keep: 0.5,
  // SpecAugment: the share of clips, and the most bands and frames of each of its two masks, as shares of all.
  augmented: 0.8413,
  bandMask: 48 / 128,
  frameMask: 160 / 798,
};

/** How Patch-Mix's authors fine-tune (Bae et al. 2023, arXiv 2305.14032). */
export const recipes: Readonly<Record<string, TrainingRecipe>> = {
  'patchmix-ce': {
    description: 'plain fine-tuning as in Patch-Mix: SpecAugment, and classes weighted by how rare they are',
    trains: 'all',
    settings,
    classWeights: rarity,
    change(batch, random, chosen) {
      augment(batch, random, chosen);
      return {};
    },
  },
  'patchmix-mix-ce': {
    description: 'Patch-Mix with cross entropy: some patches of each example are those of another',
    trains: 'all',
    network: 'patches',
    loss: 'mixed',
    settings,
    change: mixPatches,
  },
  'patchmix-cl': {
    description: "Patch-Mix's contrastive learning between examples and mixed ones (Bae et al. 2023)",
    trains: 'all',
    network: 'contrast',
    loss: 'patch-mix-contrast',
    settings: { ...settings, temperature: 0.06 },
    change: mixPatches,
  },
};

/** Class weights: 1 / share, scaled to a sum of 1. A class without examples has none. */
export function rarity(counts: readonly number[]): number[] {
  const inverse = counts.map((count) => (count === 0 ? 0 : 1 / count));
  const sum = inverse.reduce((total, value) => total + value, 0);
  return inverse.map((value) => value / sum);
}

/**
 * SpecAugment of each clip `[bands, frames]`: two bands filled with the clip's mean, then two stretches of time with the
 * mean taken anew. The widths may be 0.
 */
export function augment({ data, count, shape }: ExampleBatch, random: RandomNumbers, chosen: RecipeSettings): void {
  const [bands, frames] = shape;
  const { augmented, bandMask, frameMask } = chosen as Record<string, number>;
  for (let clip = 0; clip < count; clip += 1) {
    if (random.uniform() >= augmented) continue;
    const values = data.subarray(clip * bands * frames, (clip + 1) * bands * frames);
    const before = mean(values);
    for (const [start, end] of [drawMask(bands, bandMask, random), drawMask(bands, bandMask, random)]) {
      values.fill(before, start * frames, end * frames);
    }
    const between = mean(values);
    for (const [start, end] of [drawMask(frames, frameMask, random), drawMask(frames, frameMask, random)]) {
      for (let band = 0; band < bands; band += 1) values.fill(between, band * frames + start, band * frames + end);
    }
  }
}

/** @param share the largest width over the length */
function drawMask(length: number, share: number, random: RandomNumbers): readonly [start: number, end: number] {
  const width = Math.min(length, Math.floor(random.uniform(0, share * length)));
  const start = random.integer(length - width + 1);
  return [start, start + width];
}

function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/**
 * Draws which patches are taken from which partners. The share that stays is uniform, Beta(1, 1), then that of whole
 * patches; it and the patches are the same for all examples of the batch.
 *
 * @param sizes `patches`: how many the network has
 */
export function mixPatches(
  batch: ExampleBatch,
  random: RandomNumbers,
  chosen: RecipeSettings,
  { patches }: Readonly<Record<string, number>>,
): ChangedBatch {
  augment(batch, random, chosen);
  const { count } = batch;
  const mixed = Math.floor(patches * (1 - random.uniform()));
  const places = (length: number) => Array.from({ length }, (_, place) => place);
  const partners = random.shuffle(places(count));
  const mask = new Float32Array(patches);
  for (const patch of random.shuffle(places(patches)).slice(0, mixed)) mask[patch] = 1;
  const share = 1 - mixed / patches;
  return {
    inputs: {
      mixedPatches: { data: mask, shape: [patches] },
      partners: { data: BigInt64Array.from(partners, BigInt), shape: [count] },
    },
    mix: { partners, shares: partners.map(() => share) },
  };
}
