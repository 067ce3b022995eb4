import { type CheckpointTensors, wrongCheckpoint } from '@hearken/onnx';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkpointReaders } from '../../src/plugins/checkpoint-readers.node.js';

function made(shapes: Record<string, number[]>): CheckpointTensors {
  const tensors = Object.entries(shapes).map(
    ([name, shape]) => [name, { name, dataType: 'float32', shape, offset: 0, byteLength: 0 }] as const,
  );
  return { name: 'made.pt', tensors: new Map(tensors) };
}

/** What someone is told who passes such a checkpoint to a plugin that reads none of this kind. */
async function told(shapes: Record<string, number[]>, folder?: string): Promise<string> {
  return wrongCheckpoint(made(shapes), [], 'another model', 'x').nameReader(await checkpointReaders(folder)).message;
}

const patches = 'embeddings.patch_embeddings.projection.weight';
const vit = (channels: number) => ({ 'embeddings.cls_token': [1, 1, 64], [patches]: [64, channels, 16, 16] });
const hubert = {
  'feature_extractor.conv_layers.0.conv.weight': [32, 1, 10],
  'encoder.layers.0.attention.q_proj.weight': [64, 64],
};
const efficientat = { 'features.0.0.weight': [16], 'features.16.0.weight': [16] };
const prefixed = (prefix: string, shapes: Record<string, number[]>) =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [prefix + name, shape]));

describe('a checkpoint that a plugin refuses', () => {
  it.each<[string, Record<string, number[]>, RegExp]>([
    ['EfficientAT', efficientat, /looks like an EfficientAT network.*plugin 'efficientat'/],
    ['EfficientAT, wrapped', prefixed('model.module.', efficientat), /plugin 'efficientat'/],
    ['HeAR', vit(1), /looks like HeAR.*plugin 'hear'/],
    ['HeAR under a backbone', prefixed('backbone.vit.', vit(1)), /plugin 'hear'/],
    ['HuBERT-ECG', hubert, /looks like a HuBERT model.*plugin 'hubert-ecg'/],
    [
      'Hugging Face AST',
      prefixed('audio_spectrogram_transformer.', { ...vit(1), 'embeddings.distillation_token': [1, 1, 64] }),
      /looks like an audio spectrogram transformer.*plugin 'patchmix'/,
    ],
    [
      'AST',
      prefixed('module.', {
        'v.cls_token': [1, 1, 64],
        'v.dist_token': [1, 1, 64],
        'v.blocks.0.attn.qkv.weight': [192, 64],
      }),
      /looks like an audio spectrogram transformer.*plugin 'patchmix'/,
    ],
  ])('is named with the plugin that reads it: %s', async (_what, shapes, message) => {
    expect(await told(shapes)).toMatch(message);
  });

  it.each<[string, Record<string, number[]>, RegExp]>([
    ['an image ViT', vit(3), /a vision transformer for images/],
    ['HuBERT for speech', { ...hubert, 'feature_extractor.conv_layers.6.conv.weight': [1] }, /HuBERT or wav2vec 2\.0/],
    ['torchvision', { ...efficientat, 'features.4.block.2.fc1.weight': [1] }, /MobileNetV3 for images/],
  ])('of none of them is named without a plugin: %s', async (_what, shapes, message) => {
    const text = await told(shapes);
    expect(text).toMatch(message);
    expect(text).not.toMatch(/the plugin/);
  });

  it('is named with an installed plugin, whose package.json says so; nothing of it is run', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hearken-readers-'));
    try {
      const install = async (name: string, hearken: unknown) => {
        const place = join(folder, 'node_modules', name);
        await mkdir(place, { recursive: true });
        const manifest = { name, version: '1.0.0', keywords: ['hearken-plugin'], hearken };
        await writeFile(join(place, 'package.json'), JSON.stringify(manifest));
      };
      const models = { base: { description: 'made up', sampleRate: 16_000, channels: 1, embeddingSize: 8 } };
      const families = [{ description: 'a made-up network', landmarks: ['made.up.weight'] }];
      await install('hearken-plugin-broken', { plugin: 'broken', models, checkpoints: [{ landmarks: 'all' }] });
      await install('hearken-plugin-made', { plugin: 'made', models, checkpoints: families });
      expect(await told({ 'model.made.up.weight': [1] }, folder)).toMatch(
        /looks like a made-up network.*load it with the plugin 'made'/,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
