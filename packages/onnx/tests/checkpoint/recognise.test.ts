import { describe, expect, it } from 'vitest';
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

describe('recogniseCheckpoint', () => {
  it.each([
    ['EfficientAT', 'efficientat', { 'features.0.0.weight': [16], 'features.16.0.weight': [16] }],
    [
      'EfficientAT, wrapped',
      'efficientat',
      { 'model.module.features.0.0.weight': [16], 'model.module.features.16.0.weight': [16] },
    ],
    ['HeAR', 'hear', vit(1)],
    ['HeAR under a backbone', 'hear', prefixed('backbone.vit.', vit(1))],
    [
      'HuBERT',
      'hubert-ecg',
      {
        'feature_extractor.conv_layers.0.conv.weight': [32, 1, 10],
        'encoder.layers.0.attention.q_proj.weight': [64, 64],
      },
    ],
    [
      'Hugging Face AST',
      'patchmix',
      prefixed('audio_spectrogram_transformer.', { ...vit(1), 'embeddings.distillation_token': [1, 1, 64] }),
    ],
    [
      'AST',
      'patchmix',
      prefixed('module.', {
        'v.cls_token': [1, 1, 64],
        'v.dist_token': [1, 1, 64],
        'v.blocks.0.attn.qkv.weight': [192, 64],
      }),
    ],
    ['an image ViT', undefined, vit(3)],
  ])('knows %s', (_what, plugin, shapes) => {
    const found = recogniseCheckpoint(made(shapes));
    expect(found).toBeDefined();
    expect(found?.plugin).toBe(plugin);
  });

  it('does not guess', () => {
    expect(recogniseCheckpoint(made({ 'linear.weight': [2, 2], 'xfeatures.0.0.weight': [1] }))).toBeUndefined();
  });
});

describe('wrongCheckpoint', () => {
  it('says what the file looks like and which plugin reads it', () => {
    const error = wrongCheckpoint(made(vit(1)), 'efficientat', 'an EfficientAT checkpoint', 'features.0.0.weight');
    expect(error.message).toMatch(/made\.pt as an EfficientAT checkpoint: it looks like HeAR.*plugin 'hear'/);
  });

  it('shows what there is where it is unknown', () => {
    const error = wrongCheckpoint(
      made({ 'linear.weight': [2, 2] }),
      'hear',
      'a HeAR checkpoint',
      'embeddings.cls_token',
    );
    expect(error.message).toMatch(/no tensor 'embeddings\.cls_token' among its 1 \(the first is 'linear\.weight'\)/);
    expect(error.fix).toBe('pass a HeAR checkpoint');
  });
});
