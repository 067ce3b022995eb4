import { describe, expect, it } from 'vitest';
import { type CheckpointFamily, isForeignCheckpoint } from '@hearken/core';
import type { Checkpoint } from '../../src/checkpoint/checkpoint.js';
import { recogniseCheckpoint, wrongCheckpoint } from '../../src/checkpoint/recognise.js';

function made(shapes: Record<string, number[]>): Checkpoint {
  const tensors = Object.entries(shapes).map(
    ([name, shape]) => [name, { name, dataType: 'float32', shape, offset: 0, byteLength: 0 }] as const,
  );
  return { format: 'torch', name: 'made.pt', tensors: new Map(tensors), unusable: new Map(), metadata: null };
}

const patches = 'embeddings.patch_embeddings.projection.weight';
const vit = (channels: number) => ({ 'embeddings.cls_token': [1, 1, 64], [patches]: [64, channels, 16, 16] });
const prefixed = (prefix: string, shapes: Record<string, number[]>) =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [prefix + name, shape]));

const oneChannel: CheckpointFamily = {
  description: 'a one-channel ViT',
  landmarks: ['embeddings.cls_token', patches],
  without: ['embeddings.distillation_token'],
  shapes: { [patches]: [null, 1, null, null] },
};
const mobile: CheckpointFamily = { description: 'a mobile network', landmarks: ['features.0.0.weight', 'tail.weight'] };

describe('recogniseCheckpoint', () => {
  it.each([
    ['landmarks and shape', vit(1), 'a one-channel ViT'],
    ['landmarks behind a prefix', prefixed('backbone.vit.', vit(1)), 'a one-channel ViT'],
    ['another shape', vit(3), 'a vision transformer for images (Hugging Face ViT)'],
    [
      'a tensor that the family lacks',
      { ...vit(1), 'embeddings.distillation_token': [1, 1, 64] },
      'a vision transformer (Hugging Face ViT)',
    ],
    ['a given family before the general ones', { 'features.0.0.weight': [16], 'tail.weight': [1] }, 'a mobile network'],
    ['a general family', { 'features.0.0.weight': [16] }, 'a MobileNet'],
  ])('goes by %s', (_what, shapes, description) => {
    expect(recogniseCheckpoint(made(shapes), [oneChannel, mobile])?.description).toBe(description);
  });

  it('does not guess', () => {
    expect(recogniseCheckpoint(made({ 'linear.weight': [2, 2], 'xfeatures.0.0.weight': [1] }))).toBeUndefined();
  });
});

describe('wrongCheckpoint', () => {
  const refused = (shapes: Record<string, number[]>) =>
    wrongCheckpoint(made(shapes), [mobile], 'a mobile checkpoint', 'tail.weight');

  it('says what the file looks like, and a plugin that reads it is added where there is one', () => {
    const error = refused(vit(1));
    expect(isForeignCheckpoint(error)).toBe(true);
    expect(error).toMatchObject({ code: 'CHECKPOINT', reason: 'foreign-checkpoint', fix: 'pass a mobile checkpoint' });
    const others = [
      { name: 'none' },
      { name: 'mobile', checkpoints: [mobile] },
      { name: 'vit', checkpoints: [oneChannel] },
    ];
    expect(error.nameReader(others).message).toMatch(
      /made\.pt as a mobile checkpoint: it looks like a one-channel ViT.*plugin 'vit'/,
    );
    expect(error.nameReader(others.slice(0, 2))).toBe(error);
  });

  it('names no other plugin for a checkpoint that looks like its own', () => {
    const error = refused({ 'x.features.0.0.weight': [1], 'y.tail.weight': [1] });
    expect(error.message).toMatch(/looks like a mobile network, but not all of its tensors share one prefix/);
    expect(error.nameReader([{ name: 'copy', checkpoints: [mobile] }])).toBe(error);
  });

  it('shows what there is where it is unknown', () => {
    const error = wrongCheckpoint(made({ 'linear.weight': [2, 2] }), [], 'a HeAR checkpoint', 'embeddings.cls_token');
    expect(error.message).toMatch(/no tensor 'embeddings\.cls_token' among its 1 \(the first is 'linear\.weight'\)/);
    expect(error.fix).toBe('pass a HeAR checkpoint');
  });
});
