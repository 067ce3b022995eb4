import { describe, expect, it } from 'vitest';
import { blockOf, findBlocks } from '../../src/recipes/blocks.js';
import { resolveRecipe } from '../../src/index.js';

describe('settings of a recipe', () => {
  it('are read from text as the type of their defaults', () => {
    const { settings } = resolveRecipe('full', {}, 'a:b', { epochs: '3', decayVectors: 'true', schedule: 'linear' });
    expect(settings).toMatchObject({ epochs: 3, decayVectors: true, schedule: 'linear', headRate: 1e-3 });
  });

  it.each([
    [{ epoch: 3 }, "setting 'epoch' of recipe 'full': no such setting; did you mean 'epochs'?"],
    [{ epochs: 'many' }, 'pass a number'],
    [{ epochs: 0 }, 'pass a whole number above 0'],
    [{ batchSize: 1.5 }, 'pass a whole number above 0'],
    [{ decayVectors: 'perhaps' }, 'pass true or false'],
    [{ schedule: 'square' }, 'pass constant, linear, warm-linear, cosine, epoch-cosine, epoch-ramp'],
    [{ learningRate: NaN }, 'pass a number from 0'],
    [{ keep: 1 }, 'pass a number from 0 to 0.999999'],
    [{ blocks: -2 }, 'pass a whole number from -1 to 10000'],
  ])('%j are refused', (overrides, message) => {
    expect(() => resolveRecipe('full', {}, 'a:b', overrides)).toThrow(message);
  });

  it('name the recipes of the model where there is none', () => {
    expect(() => resolveRecipe('last-block', { own: { description: '' } }, 'a:b')).toThrow(
      "recipe 'last-block' for a:b: no such recipe for this model; did you mean 'last-blocks'? known: head, last-blocks, lora, full, own",
    );
  });
});

describe('blocks of a model', () => {
  const names = [
    'checkpoint/conv_layers.0.conv.weight',
    'checkpoint/conv_layers.1.conv.weight',
    ...[0, 1, 2, 10].map((number) => `checkpoint/encoder.layers.${number}.a.0.weight`),
    'checkpoint/encoder.norm.weight',
  ];

  it('are the numbered group with the most blocks', () => {
    expect(findBlocks(names)).toEqual([0, 1, 2, 10].map((number) => `checkpoint/encoder.layers.${number}.`));
    expect(findBlocks(['a.weight', 'b.0.weight'])).toEqual([]);
  });

  it('come after what is used before them, and before what is used behind the last', () => {
    const order = new Map(names.map((name, index) => [name, index]));
    expect(names.map((name) => blockOf(name, findBlocks(names), order))).toEqual([-1, -1, 0, 1, 2, 3, 4]);
  });
});
