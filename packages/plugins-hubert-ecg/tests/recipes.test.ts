import type { RecipeSettings } from '@hearken/core';
import { Random } from '@hearken/metrics';
import { describe, expect, it } from 'vitest';
import { recipes, skipLayers } from '../src/recipes.js';

const recipe = recipes['hubert-ecg'];
const settings = recipe.settings!;
const blocks = 12;
const names = [
  'feature_extractor.conv_layers.0.conv.weight',
  'feature_projection.projection.weight',
  'encoder.pos_conv_embed.conv.bias',
  'encoder.layer_norm.weight',
  ...Array.from({ length: blocks }, (_, block) => `encoder.layers.${block}.attention.k_proj.weight`),
];

function blockOf(name: string): number {
  return Number(/^encoder\.layers\.(\d+)\./.exec(name)?.[1] ?? -1);
}

function trained(changes: RecipeSettings): string[] {
  return names.filter((name) => recipe.accepts!(name, { ...settings, ...changes }, blockOf(name), blocks));
}

describe('what is trained', () => {
  it('is the feature projection and the last blocks', () => {
    expect(trained({ blocks: 0 })).toEqual([names[1]]);
    expect(trained({ blocks: 2 })).toEqual([names[1], names[14], names[15]]);
    expect(trained({})).toEqual([names[1], ...names.slice(4)]);
    expect(trained({ extractor: true })).toEqual([names[0], names[1], ...names.slice(4)]);
    expect(() => trained({ blocks: 13 })).toThrow('set blocks to at most 12');
  });

  it('is the feature projection while everything else is frozen', () => {
    expect(names.filter((name) => recipe.trainsFirst!(name, settings))).toEqual([names[1]]);
  });
});

describe('layer-wise rates', () => {
  const ratesOf = (changes: RecipeSettings) =>
    [...names, 'classifier.weight'].map((name) =>
      recipe.rateOf!(name, { ...settings, layerWiseRates: true, ...changes }, blockOf(name), blocks),
    );

  it('are low before the last four blocks', () => {
    const rates = ratesOf({});
    expect(rates[1]).toBe(1e-7);
    expect(rates.slice(4, 12)).toEqual(new Array(8).fill(1e-7));
    expect(rates.slice(12, 16)).toEqual(new Array(4).fill(undefined));
    expect(rates[16]).toBe(1e-5);
    expect(trained({ layerWiseRates: true, extractor: true })).not.toContain(names[0]);
  });

  it('need all blocks', () => {
    expect(new Set(ratesOf({ blocks: 6 }))).toEqual(new Set([undefined]));
  });
});

it('weighs positive examples by how rare they are', () => {
  expect(recipe.positiveWeight!(12, 48)).toBeCloseTo(3, 6);
  expect(recipe.positiveWeight!(0, 48)).toBeCloseTo(48e9, -3);
});

it('skips layers at random, which have no gradient then', () => {
  const batch = { data: new Float32Array(6000), count: 1, shape: [6000] };
  expect(skipLayers(batch, new Random(1), { layerDrop: 0 }, { layers: blocks })).toEqual({});
  const random = new Random(1);
  let skipped = 0;
  for (let round = 0; round < 100; round += 1) {
    const { inputs, withoutGradient } = skipLayers(batch, random, { layerDrop: 0.1 }, { layers: blocks });
    const kept = [...(inputs!.keptLayers.data as Float32Array)];
    expect(inputs!.keptLayers.shape).toEqual([blocks]);
    expect(names.map((name) => withoutGradient!(name))).toEqual(
      names.map((name) => blockOf(name) >= 0 && kept[blockOf(name)] === 0),
    );
    skipped += kept.filter((value) => value === 0).length;
  }
  expect(skipped).toBeGreaterThan(80);
  expect(skipped).toBeLessThan(160);
});
