import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CheckpointError,
  type ForeignCheckpoint,
  isForeignCheckpoint,
  getSceneEmbeddings,
  getTimestampEmbeddings,
  OptionError,
  signalBatch,
} from '@hearken/core';
import efficientat from '@hearken/plugin-efficientat';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.js';
import { fixture } from './fixture.js';
import { originalTensors, withFile, writeTensors } from './made-checkpoint.js';

function tone(seconds: number): Float32Array {
  return Float32Array.from({ length: seconds * 16_000 }, (_, index) => 0.3 * Math.sin(index * index * 1e-6));
}

describe('checkpoints', () => {
  it('of the authors of AST are for AudioSet: 1024 frames, log-mel filled up', async () => {
    await withFile('audioset.safetensors', async (path) => {
      writeTensors(path, originalTensors({ patches: 1212 }));
      const embedder = await plugin.loadModel(path, { heads: 4, features: ['logits', 'embedding'] });
      const { model, options } = embedder.provenance;
      expect(model).toBe('ast');
      expect(options).toMatchObject({ padding: 'spectrogram', seconds: 10.255, stride: [10, 10] });
      expect(options.features).toEqual(['embedding', 'logits']);
      expect(embedder.sceneEmbeddingSize).toBe(24 + 7);
      await embedder.dispose();
    });
  });

  const strides = [
    [12, 850],
    [14, 657],
    [16, 512],
  ];
  it.each(strides)('with patches every %i bands tell it by their %i positions', async (stride, patches) => {
    await withFile('model.pth.safetensors', async (path) => {
      writeTensors(path, originalTensors({ patches, layers: 1 }));
      const embedder = await plugin.loadModel(path, { heads: 4 });
      expect(embedder.provenance.options.stride).toEqual([stride, stride]);
      const { timestamps, data } = await getTimestampEmbeddings(signalBatch([tone(1)]), embedder);
      expect(timestamps[1] - timestamps[0]).toBe(10 * stride);
      expect(data.length).toBe(timestamps.length * 24);
      await embedder.dispose();
    });
  });

  it('are cut to the length that is asked for: AudioSet weights as Patch-Mix starts from them', async () => {
    await withFile('audioset.safetensors', async (path) => {
      writeTensors(path, originalTensors({ patches: 1212, layers: 1 }));
      const signals = signalBatch([tone(3)]);
      const ast = await plugin.loadModel(path, { heads: 4 });
      const patchmix = await plugin.loadModel(path, { heads: 4, model: 'patchmix' });
      expect(patchmix.provenance.options).toMatchObject({ padding: 'repeat', seconds: 8 });
      const [ten, eight] = await Promise.all([ast, patchmix].map((one) => getSceneEmbeddings(signals, one)));
      expect(ten.data).not.toEqual(eight.data);
      await Promise.all([ast.dispose(), patchmix.dispose()]);
    });
  });

  it("take mean and deviation from the folder's feature extractor", async () => {
    await withFile('config.json', async (path, folder) => {
      copyFileSync(fixture('hf-ast/config.json'), path);
      copyFileSync(fixture('hf-ast/model.safetensors'), join(folder, 'model.safetensors'));
      writeFileSync(join(folder, 'preprocessor_config.json'), '{"mean": -6.5, "std": 5.25, "sampling_rate": 16000}');
      const embedder = await plugin.loadModel(folder);
      expect(embedder.provenance.options).toMatchObject({ mean: -6.5, std: 5.25 });
      await embedder.dispose();
      writeFileSync(join(folder, 'preprocessor_config.json'), '{"sampling_rate": 8000}');
      await expect(plugin.loadModel(folder)).rejects.toThrow(/8000 Hz/);
      writeFileSync(path, '{"max_length": 512}');
      await expect(plugin.loadModel(folder)).rejects.toThrow(CheckpointError);
    });
  });
});

describe('what the weights do not show', () => {
  it.each([
    [
      'heads of a width that was not published',
      originalTensors({ patches: 1212, layers: 1 }),
      /24 wide.*options\.heads/,
    ],
    [
      'a stride where several fit the positions',
      originalTensors({ patches: 720, layers: 1, width: 64 }),
      /720 positions.*every 10, or every 12.*options\.stride/,
    ],
  ])('%s is asked for', async (_what, tensors, message) => {
    await withFile('own.safetensors', async (path) => {
      writeTensors(path, tensors);
      const loading = plugin.loadModel(path);
      await expect(loading).rejects.toThrow(OptionError);
      await expect(loading).rejects.toThrow(message);
      const embedder = await plugin.loadModel(path, { heads: 4, stride: 10 });
      expect(embedder.provenance.options).toMatchObject({ heads: 4, stride: [10, 10] });
      await embedder.dispose();
    });
  });

  it.each([
    [1212, 527, -4.2677393, 4.5689974],
    [600, 50, -6.6268077, 5.358466],
    [144, 35, -6.845978, 5.5654526],
    [600, 7, -4.2677393, 4.5689974],
  ])('%i positions and %i classes tell the statistics of the log-mel', async (patches, classes, mean, std) => {
    await withFile('published.safetensors', async (path) => {
      writeTensors(path, originalTensors({ patches, classes, layers: 1, width: 192 }));
      const embedder = await plugin.loadModel(path);
      expect(embedder.provenance.options).toMatchObject({ mean, std, heads: 3, stride: [10, 10] });
      await embedder.dispose();
    });
  });
});

describe('longer audio', () => {
  it('is its first window by default, or the mean over windows', async () => {
    const long = tone(16);
    const first = await plugin.loadModel(fixture('best.pth'));
    const mean = await plugin.loadModel(fixture('best.pth'), { windows: 'mean' });
    const whole = await getSceneEmbeddings(signalBatch([long]), first);
    // One sample more than a window, so that it is cut and not faded out.
    const parts = [long.slice(0, 128_001), long.slice(-128_001)];
    const { data } = await getSceneEmbeddings(signalBatch(parts), first);
    expect(closest(whole.data, data.subarray(0, 64))).toBeLessThan(1e-5);
    const expected = data.subarray(0, 64).map((value, index) => (value + data[64 + index]) / 2);
    const averaged = await getSceneEmbeddings(signalBatch([long]), mean);
    expect(closest(averaged.data, expected)).toBeLessThan(1e-5);
    await Promise.all([first.dispose(), mean.dispose()]);
  });

  it.each(['repeat', 'zero', 'spectrogram'])('has timestamps every 100 ms across windows (%s)', async (padding) => {
    const embedder = await plugin.loadModel(fixture('best.pth'), { padding });
    const [left, right] = [tone(19.95), tone(19.95).reverse()];
    const both = await getTimestampEmbeddings(signalBatch([left, right]), embedder);
    const alone = await getTimestampEmbeddings(signalBatch([right]), embedder);
    expect(both.timestampCount).toBe(199);
    expect([...both.timestamps.slice(198, 200)]).toEqual([19_887.5, 87.5]);
    expect(closest(both.data.subarray(199 * 64), alone.data)).toBeLessThan(1e-5);
    // The first window is the same as that of the signal cut there.
    const begin = await getTimestampEmbeddings(signalBatch([left.slice(0, 128_001)]), embedder);
    expect(closest(both.data.subarray(0, 79 * 64), begin.data.subarray(0, 79 * 64))).toBeLessThan(1e-5);
    await embedder.dispose();
  });
});

describe('what does not fit', () => {
  const ast = originalTensors({ patches: 1212, layers: 1 });
  it.each([
    ['a missing tensor', { 'module.v.blocks.0.mlp.fc2.bias': null }, /'v\.blocks\.0\.mlp\.fc2\.bias'/],
    ['a wrong shape', { 'module.v.blocks.0.attn.qkv.weight': [70, 24] }, /qkv.*\[70,24\].*24 wide.*\[72,24\]/],
    ['no whole grid of positions', { 'module.v.pos_embed': [1, 1215, 24] }, /1213 positions.*16x16/],
    ['SSAST', { 'module.v.mask_embed': null, 'module.mask_embed': [1, 1, 24] }, /SSAST/],
  ])('%s is named', async (_what, changes, message) => {
    await withFile('odd.safetensors', async (path) => {
      writeTensors(path, ast, changes);
      const loading = plugin.loadModel(path, { heads: 4 });
      await expect(loading).rejects.toThrow(CheckpointError);
      await expect(loading).rejects.toThrow(message);
    });
  });

  it('of another plugin is said to be so', async () => {
    const path = new URL('../../plugins-efficientat/tests/fixtures/mn01_as.pt', import.meta.url).pathname;
    const error: unknown = await plugin.loadModel(path).catch((cause: unknown) => cause);
    expect(isForeignCheckpoint(error)).toBe(true);
    // As the harness does, which knows the other plugins.
    expect((error as ForeignCheckpoint).nameReader([efficientat]).message).toMatch(
      /looks like an EfficientAT network.*'efficientat'/,
    );
  });

  it('a plain vision transformer, or no checkpoint at all', async () => {
    await withFile('vit.safetensors', async (path) => {
      writeTensors(path, {
        'embeddings.cls_token': [1, 1, 8],
        'embeddings.position_embeddings': [1, 5, 8],
        'embeddings.patch_embeddings.projection.weight': [8, 3, 16, 16],
      });
      await expect(plugin.loadModel(path)).rejects.toThrow(/looks like a vision transformer for images/);
    });
    await expect(plugin.loadModel()).rejects.toThrow(OptionError);
    await expect(plugin.loadModel('/no/such/best.pth')).rejects.toThrow(/no\/such\/best\.pth/);
  });

  it('logits without a classifier are refused', async () => {
    await withFile('model.safetensors', async (path) => {
      writeTensors(path, ast, { 'module.mlp_head.1.weight': null });
      await expect(plugin.loadModel(path, { heads: 4, features: 'logits' })).rejects.toThrow(/without a classifier/);
    });
  });

  it.each([
    [{ padding: 'repeta' }, /did you mean 'repeat'/],
    [{ windows: 3 }, /choose first, mean/],
    [{ features: [] }, /no features/],
    [{ features: ['logit'] }, /did you mean 'logits'/],
    [{ seconds: 0.1 }, /0\.2 to 30/],
    [{ std: 0 }, /option std/],
    [{ stride: 2.5 }, /option stride/],
    [{ heads: 3 }, /3 attention heads.*64/],
  ])('option %j is refused', async (options, message) => {
    await expect(plugin.loadModel(fixture('best.pth'), options)).rejects.toThrow(message);
  });
});

function closest(left: Float32Array, right: Float32Array): number {
  expect(left.length).toBe(right.length);
  return left.reduce((most, value, index) => Math.max(most, Math.abs(value - right[index])), 0);
}
