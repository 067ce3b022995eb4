// Adapters in PEFT's layout are read as they were written, and merged into the layers that they belong to.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import type { AdapterMatrix, LowRankAdapters } from '../../src/checkpoint/adapter/adapter.js';
import { mergeAdapter } from '../../src/checkpoint/adapter/merge-adapter.js';
import { readAdapter } from '../../src/checkpoint/adapter/read-adapter.js';
import { writeAdapter } from '../../src/checkpoint/adapter/write-adapter.js';
import { openModelFiles } from '../../src/checkpoint/model-files.node.js';
import { joinParts } from '../../src/checkpoint/write/join-parts.js';
import { tensorContents, type TensorValues } from '../../src/checkpoint/write/tensor-contents.js';
import { writeSafetensors } from '../../src/checkpoint/write/write-safetensors.js';

const newFolder = temporaryFolders();
const settings = { peft_type: 'LORA', r: 2, lora_alpha: 4, bias: 'none', target_modules: ['layer'] };
const down = { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] };
const up = { data: Float32Array.of(1, 0.5, -1, 2), shape: [2, 2] };
const matrices = { 'base_model.model.layer.lora_A.weight': down, 'base_model.model.layer.lora_B.weight': up };

async function opened(folder: string, tensors: Readonly<Record<string, TensorValues>>, name = 'model.safetensors') {
  const contents = Object.entries(tensors).map(([key, values]) => [key, tensorContents(key, values)] as const);
  await writeFile(join(folder, name), await joinParts(writeSafetensors(new Map(contents))));
  return openModelFiles(folder);
}

async function adapterOf(tensors: Readonly<Record<string, TensorValues>>, config: object = settings) {
  const folder = await newFolder();
  await writeFile(join(folder, 'adapter_config.json'), JSON.stringify(config));
  return readAdapter(await opened(folder, tensors, 'adapter_model.safetensors'));
}

const matrix = (rows: number, columns: number): fc.Arbitrary<AdapterMatrix> =>
  fc
    .array(fc.float({ noNaN: true }), { minLength: rows * columns, maxLength: rows * columns })
    .map((values) => ({ data: Float32Array.from(values), shape: [rows, columns] }));
const size = fc.integer({ min: 1, max: 3 });
const adapters: fc.Arbitrary<LowRankAdapters> = size.chain((rank) =>
  fc.record({
    rank: fc.constant(rank),
    alpha: fc.integer({ min: 1, max: 32 }),
    modules: fc
      .dictionary(
        fc.stringMatching(/^[a-z]{1,4}(\.[a-z]{1,4}){0,2}$/),
        fc
          .tuple(size, size)
          .chain(([inputs, outputs]) => fc.record({ down: matrix(rank, inputs), up: matrix(outputs, rank) })),
        { minKeys: 1 },
      )
      .map((modules) => new Map(Object.entries(modules))),
  }),
);

describe('adapters', () => {
  it('are read as they were written', async () => {
    await fc.assert(
      fc.asyncProperty(adapters, async (written) => {
        const folder = await newFolder();
        for (const { name, parts } of writeAdapter(written))
          await writeFile(join(folder, name), await joinParts(parts));
        expect(await readAdapter(await openModelFiles(folder))).toEqual(written);
      }),
      { numRuns: 40 },
    );
  });

  it.each(['layer.weight', 'model.layer.weight'])('are merged into %s', async (name) => {
    const base = await opened(await newFolder(), { [name]: { data: new Float32Array(6).fill(10), shape: [2, 3] } });
    const merged = await mergeAdapter(base, await adapterOf(matrices));
    // 10 + 4 / 2 (B A)
    expect([...merged]).toEqual([[name, { data: Float32Array.of(16, 19, 22, 24, 26, 28), shape: [2, 3] }]]);
  });

  it('have a factor of alpha over the root of the rank if they say so', async () => {
    const { alpha, rank } = await adapterOf(matrices, { ...settings, use_rslora: true });
    expect(alpha / rank).toBeCloseTo(4 / Math.sqrt(2), 12);
  });

  it.each<[string, Readonly<Record<string, TensorValues>>, RegExp]>([
    [
      'a module that is not there',
      { 'other.weight': { data: new Float32Array(6), shape: [2, 3] } },
      /no tensor 'layer.weight'/,
    ],
    [
      'a layer of another size',
      { 'layer.weight': { data: new Float32Array(8), shape: [2, 4] } },
      /shape \[2,4\].*needs \[2,3\]/,
    ],
    ['two candidates', { 'a.layer.weight': up, 'b.layer.weight': up }, /2 tensors that end in/],
  ])('are not merged into %s', async (_, tensors, message) => {
    const base = await opened(await newFolder(), tensors);
    await expect(mergeAdapter(base, await adapterOf(matrices))).rejects.toThrow(message);
  });

  it.each<[string, Readonly<Record<string, TensorValues>>, object, RegExp]>([
    ['another kind', matrices, { ...settings, peft_type: 'IA3' }, /type IA3/],
    ['magnitudes', matrices, { ...settings, use_dora: true }, /DoRA/],
    ['trained biases', matrices, { ...settings, bias: 'all' }, /trained biases/],
    ['ranks that differ', matrices, { ...settings, rank_pattern: { layer: 4 } }, /differ between modules/],
    ['another rank', matrices, { ...settings, r: 3 }, /for rank 3/],
    ['an absurd rank', matrices, { ...settings, r: 1e9 }, /'r' as an integer/],
    ['no rank', matrices, {}, /no 'r'/],
    ['other tensors', { ...matrices, 'base_model.model.head.weight': up }, settings, /not of a LoRA adapter/],
    ['one matrix', { 'base_model.model.layer.lora_A.weight': down }, settings, /only one of the two/],
  ])('with %s are refused', async (_, tensors, config, message) => {
    await expect(adapterOf(tensors, config)).rejects.toThrow(message);
  });

  it('of another rank than they say are not written', () => {
    expect(() => writeAdapter({ rank: 3, alpha: 1, modules: new Map([['layer', { down, up }]]) })).toThrow(/rank 3/);
  });
});
