import { join } from 'node:path';
import { CheckpointError, getSceneEmbeddings, OptionError, signalBatch } from '@hearken/core';
import type { Checkpoint } from '@hearken/onnx';
import { describe, expect, it } from 'vitest';
import { fixture } from './fixture.js';
import plugin, { publishedTensors } from '../src/index.js';
import { chooseSizes } from '../src/sizes.js';
import type { HubertEcgEmbedder } from '../src/embedder.js';
import { models } from '../src/models.js';
import { fixtureConfig, fixtureTensors, type Tensors, withModel } from './made-up-checkpoint.js';
import { readNpy } from '../../../tests/support/npy.js';
import { referenceScene } from './reference-network.js';

const signals = signalBatch([readNpy(fixture('synthetic.input.npy')).data], 12);

async function sceneOf(path: string): Promise<number[]> {
  const embedder = await plugin.loadModel(path, { windows: 'first' });
  try {
    return [...(await getSceneEmbeddings(signals, embedder)).data];
  } finally {
    await embedder.dispose();
  }
}

const expectedScene = () => [...readNpy(fixture('synthetic.scene.npy')).data];

function expectNear(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [index, value] of actual.entries()) expect(value).toBeCloseTo(expected[index], 3);
}

describe('checkpoints', () => {
  it.each(['module.', 'hubert_ecg.', 'model_state_dict.hubert_ecg.'])(
    'with names behind %s, and a head',
    async (prefix) => {
      const tensors: Tensors = new Map([...fixtureTensors()].map(([name, tensor]) => [prefix + name, tensor]));
      tensors.set('classifier.weight', { shape: [2, 64], data: new Float32Array(128) });
      await withModel(tensors, fixtureConfig(), async (folder) => {
        expectNear(await sceneOf(folder), expectedScene());
      });
    },
  );

  it('with a positional weight that is stored plain', async () => {
    const tensors = fixtureTensors();
    const prefix = 'encoder.pos_conv_embed.conv';
    const magnitude = tensors.get(`${prefix}.parametrizations.weight.original0`)!.data;
    const direction = tensors.get(`${prefix}.parametrizations.weight.original1`)!;
    const norms = magnitude.map((_, place) =>
      Math.sqrt(direction.data.reduce((sum, value, index) => sum + (index % 128 === place ? value * value : 0), 0)),
    );
    const data = direction.data.map((value, index) => (value * magnitude[index % 128]) / norms[index % 128]);
    tensors.delete(`${prefix}.parametrizations.weight.original0`);
    tensors.delete(`${prefix}.parametrizations.weight.original1`);
    tensors.set(`${prefix}.weight`, { shape: direction.shape, data });
    await withModel(tensors, fixtureConfig(), async (folder) => {
      expectNear(await sceneOf(folder), expectedScene());
    });
  });

  it('without a config, of a size that was not published, are asked about', async () => {
    await withModel(fixtureTensors(), undefined, async (folder) => {
      const loading = plugin.loadModel(folder);
      await expect(loading).rejects.toThrow(OptionError);
      await expect(loading).rejects.toThrow(/64 wide.*num_attention_heads.*options\.config/);
      const config = fixtureConfig();
      const embedder = await plugin.loadModel(folder, { config, windows: 'first' });
      expectNear([...(await getSceneEmbeddings(signals, embedder)).data], expectedScene());
      await embedder.dispose();
    });
  });

  it.each([
    ['small', 8],
    ['base', 12],
    // 80 wide each, unlike those of the other sizes.
    ['large', 12],
  ])('of the published %s have %i attention heads without a config', (model, heads) => {
    const entries = publishedTensors(model).map(({ name, shape }) => {
      return [name, { name, shape, dataType: 'float32', offset: 0, byteLength: 0 }] as const;
    });
    const file: Checkpoint = {
      format: 'safetensors',
      name: model,
      tensors: new Map(entries),
      unusable: new Map(),
      metadata: null,
    };
    expect(chooseSizes(file, undefined)).toMatchObject({ heads, positions: { kernel: 128, groups: 16 } });
  });

  it.each(Object.keys(models))('of the published %s have as many parameters as published', (model) => {
    const count = publishedTensors(model).reduce(
      (sum, { shape }) => sum + shape.reduce((all, size) => all * size, 1),
      0,
    );
    expect(count / (models[model].parameters ?? 0)).toBeCloseTo(1, 1.5);
  });
});

describe('networks of other kinds', () => {
  const kinds = [
    { layerNorms: false, preNorm: false },
    { layerNorms: true, preNorm: true },
  ];
  it.each(kinds)('%j are computed as written out in plain loops', async ({ layerNorms, preNorm }) => {
    const tensors = tinyTensors(layerNorms);
    const config = {
      hidden_size: 8,
      num_attention_heads: 2,
      num_hidden_layers: 2,
      intermediate_size: 12,
      conv_dim: [4, 6],
      conv_kernel: [10, 7],
      conv_stride: [40, 5],
      conv_bias: layerNorms,
      num_conv_pos_embeddings: 5,
      num_conv_pos_embedding_groups: 2,
      feat_extract_norm: layerNorms ? 'layer' : 'group',
      do_stable_layer_norm: preNorm,
    };
    await withModel(tensors, config, async (folder) => {
      const embedder = (await plugin.loadModel(folder)) as HubertEcgEmbedder;
      const signal = Float32Array.from({ length: 6000 }, (_, index) => Math.sin(index * index * 1e-5));
      const { embedding } = await embedder.session.run({ signal: { data: signal, shape: [1, 6000] } });
      await embedder.dispose();
      const shape = { strides: [40, 5], heads: 2, groups: 2, layers: 2, layerNorms, preNorm };
      expectNear([...(embedding.data as Float32Array)], referenceScene(tensors, signal, shape));
    });
  });
});

describe('a checkpoint that is refused', () => {
  it('for a missing tensor, a wrong shape, a config that does not fit', async () => {
    const without = fixtureTensors();
    without.delete('encoder.layers.1.attention.v_proj.bias');
    const short = fixtureTensors();
    short.set('encoder.layers.0.layer_norm.bias', { shape: [63], data: new Float32Array(63) });
    const cases: [Tensors, Record<string, unknown>, RegExp][] = [
      [without, {}, /'encoder\.layers\.1\.attention\.v_proj\.bias'.*2 layers, 64 wide/],
      [short, {}, /'encoder\.layers\.0\.layer_norm\.bias' has shape \[63\].*\[64\]/],
      [fixtureTensors(), { num_attention_heads: 5 }, /5 attention heads, which do not divide the width 64/],
      [fixtureTensors(), { hidden_size: 128 }, /128 wide/],
      [fixtureTensors(), { conv_stride: [4, 2] }, /5 convolutions in the weights.*2 strides/],
      [fixtureTensors(), { conv_stride: [400, 200, 2, 2, 2] }, /no token/],
      [fixtureTensors(), { hidden_act: 'rm -rf' }, /'hidden_act'/],
    ];
    for (const [tensors, config, message] of cases) {
      await withModel(tensors, { ...fixtureConfig(), ...config }, async (folder) => {
        const loading = plugin.loadModel(folder);
        await expect(loading).rejects.toThrow(CheckpointError);
        await expect(loading).rejects.toThrow(message);
      });
    }
  });

  it('for being of speech, or of another model, with what it looks like', async () => {
    const speech = fixtureTensors();
    speech.set('feature_extractor.conv_layers.6.conv.weight', { shape: [1, 1, 1], data: new Float32Array(1) });
    await withModel(speech, undefined, async (folder) => {
      await expect(plugin.loadModel(folder)).rejects.toThrow(/HuBERT or wav2vec 2\.0 for speech/);
    });
    const other: Tensors = new Map([['layer1.0.conv1.weight', { shape: [1], data: new Float32Array(1) }]]);
    await withModel(other, undefined, async (folder) => {
      await expect(plugin.loadModel(join(folder, 'model.safetensors'))).rejects.toThrow(/a ResNet/);
    });
  });

  it('for not being there', async () => {
    await expect(plugin.loadModel('/no/such/model.pt')).rejects.toThrow(CheckpointError);
    await expect(plugin.loadModel()).rejects.toThrow(OptionError);
  });
});

function tinyTensors(layerNorms: boolean): Tensors {
  const tensors: Tensors = new Map();
  let seed = 1;
  const put = (name: string, ...shape: number[]) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const data = Float32Array.from({ length: size }, () => 0.7 * Math.sin((seed += 1) ** 2));
    tensors.set(name, { shape, data });
  };
  const layer = (name: string, inputs: number, outputs: number) => {
    put(`${name}.weight`, outputs, inputs);
    put(`${name}.bias`, outputs);
  };
  const norm = (name: string, size: number) => {
    put(`${name}.weight`, size);
    put(`${name}.bias`, size);
  };
  for (const [index, [outputs, inputs, kernel]] of [
    [4, 1, 10],
    [6, 4, 7],
  ].entries()) {
    put(`feature_extractor.conv_layers.${index}.conv.weight`, outputs, inputs, kernel);
    if (layerNorms) put(`feature_extractor.conv_layers.${index}.conv.bias`, outputs);
    if (layerNorms || index === 0) norm(`feature_extractor.conv_layers.${index}.layer_norm`, outputs);
  }
  norm('feature_projection.layer_norm', 6);
  layer('feature_projection.projection', 6, 8);
  put('encoder.pos_conv_embed.conv.weight', 8, 4, 5);
  put('encoder.pos_conv_embed.conv.bias', 8);
  norm('encoder.layer_norm', 8);
  for (const prefix of ['encoder.layers.0', 'encoder.layers.1']) {
    for (const name of ['q_proj', 'k_proj', 'v_proj', 'out_proj']) layer(`${prefix}.attention.${name}`, 8, 8);
    norm(`${prefix}.layer_norm`, 8);
    layer(`${prefix}.feed_forward.intermediate_dense`, 8, 12);
    layer(`${prefix}.feed_forward.output_dense`, 12, 8);
    norm(`${prefix}.final_layer_norm`, 8);
  }
  return tensors;
}
