import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckpointError, type ForeignCheckpoint, isForeignCheckpoint, OptionError } from '@hearken/core';
import efficientat from '@hearken/plugin-efficientat';
import hubertEcg from '@hearken/plugin-hubert-ecg';
import patchmix from '@hearken/plugin-patchmix';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.js';
import { changedConfig, readFixture, type Stored, withFolder, writeSafetensors } from './changed-checkpoint.js';
import { fixture } from './fixture.js';

const tensor = (...shape: number[]): Stored => ({
  dtype: 'F32',
  shape,
  bytes: new Uint8Array(4 * shape.reduce((product, size) => product * size, 1)),
});

/** What loading answers for the fixture with these tensors set (or removed) and these settings changed. */
async function loading(
  tensors: Record<string, Stored | null>,
  config: Record<string, unknown> = {},
  base: Map<string, Stored> = readFixture(),
): Promise<unknown> {
  return withFolder(async (folder) => {
    for (const [name, change] of Object.entries(tensors)) {
      if (change === null) base.delete(name);
      else base.set(name, change);
    }
    writeSafetensors(join(folder, 'model.safetensors'), base);
    writeFileSync(join(folder, 'config.json'), changedConfig(config));
    return plugin.loadModel(folder).then(
      () => 'loaded',
      (error: unknown) => error,
    );
  });
}

describe('a checkpoint that does not fit', () => {
  it.each<[string, Record<string, Stored | null>, RegExp]>([
    [
      'a missing tensor',
      { 'encoder.layer.1.output.dense.bias': null },
      /'encoder\.layer\.1\.output\.dense\.bias'.*3 layers, 64 wide/,
    ],
    ['a wrong shape', { 'layernorm.weight': tensor(32) }, /'layernorm\.weight'.*\[32\].*3 layers, 64 wide.*\[64\]/],
    ['no pooler', { 'pooler.dense.weight': null }, /'pooler\.dense\.weight'/],
    [
      'another element type',
      { 'layernorm.weight': { dtype: 'I32', shape: [64], bytes: new Uint8Array(256) } },
      /'layernorm\.weight'.*int32/,
    ],
    [
      'positions for another image',
      { 'embeddings.position_embeddings': tensor(1, 197, 64) },
      /\[1,197,64\].*\[1,97,64\]/,
    ],
  ])('%s is named', async (_what, change, message) => {
    const error = await loading(change);
    expect(error).toBeInstanceOf(CheckpointError);
    expect(String(error)).toMatch(message);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['more layers', { num_hidden_layers: 4 }, /'encoder\.layer\.3\./],
    ['another width', { hidden_size: 128 }, /128 wide/],
    ['heads that do not divide the width', { num_attention_heads: 7 }, /7 attention heads.*64/],
    ['patches that do not divide the image', { image_size: [190, 128] }, /16x16.*190x128/],
    ['an unknown activation', { hidden_act: 'swish' }, /'hidden_act' as one of gelu/],
    ['text for a number', { num_hidden_layers: 'three' }, /'num_hidden_layers' as an integer/],
    ['an absurd size', { num_hidden_layers: 1e9 }, /from 1 to 1000/],
  ])('a config of %s is refused', async (_what, config, message) => {
    const error = await loading({}, config);
    expect(error).toBeInstanceOf(CheckpointError);
    expect(String(error)).toMatch(message);
  });

  it.each<[string, Record<string, Stored>, RegExp]>([
    [
      'EfficientAT',
      { 'features.0.0.weight': tensor(8, 1, 3, 3), 'features.16.0.weight': tensor(1) },
      /looks like an EfficientAT network.*plugin 'efficientat'/,
    ],
    [
      'HuBERT',
      {
        'feature_extractor.conv_layers.0.conv.weight': tensor(1, 1, 10),
        'encoder.layers.0.attention.q_proj.weight': tensor(1),
      },
      /looks like a HuBERT model.*plugin 'hubert-ecg'/,
    ],
    [
      'AST',
      {
        'x.embeddings.cls_token': tensor(1, 1, 2),
        'x.embeddings.distillation_token': tensor(1, 1, 2),
        'x.embeddings.patch_embeddings.projection.weight': tensor(2, 1, 2, 2),
      },
      /looks like an audio spectrogram transformer.*plugin 'patchmix'/,
    ],
    [
      'an image ViT',
      {
        'embeddings.cls_token': tensor(1, 1, 2),
        'embeddings.patch_embeddings.projection.weight': tensor(2, 3, 2, 2),
      },
      /looks like a vision transformer for images/,
    ],
  ])('of %s is told from its names', async (_what, tensors, message) => {
    const error = await loading(tensors, {}, new Map());
    expect(error).toBeInstanceOf(CheckpointError);
    // As the harness does, which knows the other plugins.
    expect(isForeignCheckpoint(error)).toBe(true);
    const named = (error as ForeignCheckpoint).nameReader([efficientat, hubertEcg, patchmix]);
    expect(String(named)).toMatch(message);
  });

  it('that is not there is refused, and so is none at all, with where it is published', async () => {
    await expect(plugin.loadModel('/no/such/weights')).rejects.toThrow(/no\/such\/weights/);
    await expect(plugin.loadModel()).rejects.toThrow(OptionError);
    await expect(plugin.loadModel()).rejects.toThrow(/accept the terms at https:\/\/huggingface\.co/);
  });
});

describe('options out of range', () => {
  it.each([{ hop: 0 }, { hop: 3 }, { hop: '1' }, { hop: NaN }, { skipSilent: 'yes' }, { skipSilent: 3 }])(
    '%j is refused',
    async (options) => {
      await expect(plugin.loadModel(fixture(), options)).rejects.toThrow(OptionError);
    },
  );
});
