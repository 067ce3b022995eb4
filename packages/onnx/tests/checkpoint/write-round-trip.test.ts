// Whatever is written is read again as the same value.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bufferSource } from '../../src/checkpoint/byte-source.js';
import type { CheckpointDataType } from '../../src/checkpoint/data-types.js';
import { openCheckpoint } from '../../src/checkpoint/open-checkpoint.js';
import { isKind, type PickleValue } from '../../src/checkpoint/pickle-values.js';
import { OrderedDict, pythonFloat, pythonObject, pythonTuple } from '../../src/checkpoint/python-types.js';
import { readZipEntries } from '../../src/checkpoint/zip-entries.js';
import { joinParts } from '../../src/checkpoint/write/join-parts.js';
import { sizeInBytes, type TensorContents, torchTensor } from '../../src/checkpoint/write/tensor-contents.js';
import { readTorchValue } from '../../src/checkpoint/write/torch-value.js';
import { writeSafetensors } from '../../src/checkpoint/write/write-safetensors.js';
import { writeTorchCheckpoint } from '../../src/checkpoint/write/write-torch.js';

const dataTypes: readonly CheckpointDataType[] = ['float32', 'int64', 'float16', 'float64', 'uint8', 'bool'];

const contents: fc.Arbitrary<TensorContents> = fc
  .record({
    dataType: fc.constantFrom(...dataTypes),
    shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }),
    seed: fc.integer({ min: 0, max: 255 }),
  })
  .map(({ dataType, shape, seed }) => {
    const size = sizeInBytes({ dataType, shape });
    const bytes = Uint8Array.from({ length: size }, (_, index) => (seed + index * 37) % 256);
    return { dataType, shape, bytes: seed % 2 === 0 ? bytes : () => Promise.resolve(bytes) };
  });

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const whole = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 300n), max: 2n ** 300n }).filter((one) => !Number.isSafeInteger(Number(one))),
);

const { value: values } = fc.letrec<{ value: PickleValue }>((tie) => {
  const items = fc.array(tie('value'), { maxLength: 4 });
  const members = fc.uniqueArray(fc.tuple(text, tie('value')), { maxLength: 4, selector: ([key]) => key });
  return {
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(null, true, false),
      whole,
      fc.double().map(pythonFloat),
      text,
      contents.map(torchTensor),
      items,
      items.map((all) => pythonTuple(...all)),
      members.map((all) => new Map<PickleValue, PickleValue>(all)),
      members.map((all) => Object.assign(new OrderedDict(all), { attributes: new Map([['version', 1]]) })),
      members.map((all) => pythonObject('hubert_ecg', 'HuBERTECGConfig', new Map(all))),
    ),
  };
});

/** A value with the bytes of its tensors, for comparisons. */
async function described(value: PickleValue): Promise<unknown> {
  if (isKind(value, 'tensor')) {
    const { shape, strides, offset, storage } = value;
    const bytes = await storage.contents?.read();
    return { shape: [...shape], strides: [...strides], offset, type: storage.type, bytes: [...(bytes ?? ['missing'])] };
  }
  if (isKind(value, 'record')) return { ...value, state: await described(value.state) };
  if (Array.isArray(value)) return [value.constructor.name, ...(await Promise.all(value.map(described)))];
  if (!(value instanceof Map)) return value;
  const all = await Promise.all([...value].map(async ([key, one]) => [key, await described(one)] as const));
  return { type: value.constructor.name, entries: all, attributes: (value as OrderedDict).attributes };
}

describe('a PyTorch checkpoint', () => {
  it('is read as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        const root = new Map<PickleValue, PickleValue>([['value', value]]);
        const file = await joinParts(writeTorchCheckpoint(root));
        const again = await readTorchValue(bufferSource(file, 'again.pt'));
        expect(await described(again)).toEqual(await described(root));
        expect(await joinParts(writeTorchCheckpoint(again))).toEqual(file);
      }),
      { numRuns: 150 },
    );
  });

  it('keeps every tensor under its name', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.stringMatching(/^[a-z.]{1,8}$/), contents, { minKeys: 1 }), async (tensors) => {
        const state = new OrderedDict(Object.entries(tensors).map(([name, one]) => [name, torchTensor(one)]));
        await expectTensors(await joinParts(writeTorchCheckpoint(state)), tensors);
      }),
      { numRuns: 50 },
    );
  });

  it('has its files aligned to 64 bytes, and in the folder asked for', async () => {
    const tensor = torchTensor({ dataType: 'float32', shape: [3], bytes: new Uint8Array(12) });
    const value = new Map<PickleValue, PickleValue>([['a', tensor]]);
    const file = await joinParts(writeTorchCheckpoint(value, 'best'));
    const entries = await readZipEntries(bufferSource(file, 'best.pth'));
    expect(entries.map(({ name }) => name)).toEqual(
      [
        'data.pkl',
        '.format_version',
        '.storage_alignment',
        'byteorder',
        'data/0',
        'version',
        '.data/serialization_id',
      ].map((name) => `best/${name}`),
    );
    expect(entries.map(({ dataOffset }) => dataOffset % 64)).toEqual(entries.map(() => 0));
  });

  it('keeps what is shared shared, and may contain itself', async () => {
    const storage = torchTensor({ dataType: 'int64', shape: [2, 2], bytes: new Uint8Array(32).fill(1) });
    const row = { ...storage, offset: 2, shape: [2], strides: [1] };
    const list: PickleValue[] = [1];
    list.push(list);
    const root = new Map<PickleValue, PickleValue>([
      ['all', storage],
      ['row', row],
      ['list', list],
      ['same', list],
    ]);
    const again = await readTorchValue(bufferSource(await joinParts(writeTorchCheckpoint(root)), 'again.pt'));
    if (!(again instanceof Map)) throw new Error('no dict');
    const [all, second] = [again.get('all'), again.get('row')];
    if (!isKind(all, 'tensor') || !isKind(second, 'tensor')) throw new Error('no tensors');
    expect(second.storage).toBe(all.storage);
    expect(again.get('same')).toBe(again.get('list'));
    expect((again.get('list') as PickleValue[])[1]).toBe(again.get('list'));
  });

  it.each<[string, PickleValue, RegExp]>([
    [
      'a storage that is not there',
      { ...torchTensor(noTensor()), storage: bareStorage() },
      /storage without its bytes/,
    ],
    ['half of a surrogate pair', '\ud800', /surrogate/],
    ['deep nesting', deep(2000), /nested more than/],
    ['a name with a line feed', { kind: 'global', module: 'a\nb', name: 'c' }, /only names in ASCII/],
  ])('refuses %s', async (_, value, message) => {
    await expect(joinParts(writeTorchCheckpoint(new Map([['value', value]])))).rejects.toThrow(message);
  });
});

describe('a safetensors file', () => {
  it('is read as it was written', async () => {
    const names = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), fc.constantFrom('1', '0'));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(names, contents), { minLength: 1, selector: ([name]) => name }),
        async (list) => {
          const file = await joinParts(writeSafetensors(new Map(list), { format: 'pt' }));
          const { metadata, tensors } = await openCheckpoint(bufferSource(file, 'again.safetensors'));
          expect(metadata).toEqual(new Map([['format', 'pt']]));
          // The data are in the order of the map; the reader's map has names that are numbers first.
          const offsets = list.map(([name]) => tensors.get(name)!.offset);
          expect(offsets).toEqual(offsets.toSorted((left, right) => left - right));
          await expectTensors(file, Object.fromEntries(list));
          expect((Number(new DataView(file.buffer).getBigUint64(0, true)) + 8) % 8).toBe(0);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('refuses bytes that do not fit the shape', async () => {
    const wrong = { dataType: 'float32', shape: [3], bytes: new Uint8Array(8) } as const;
    await expect(joinParts(writeSafetensors(new Map([['a', wrong]])))).rejects.toThrow(/'a' of 12 bytes[^]*8 bytes/);
    await expect(joinParts(writeSafetensors(new Map()))).rejects.toThrow(/no tensors/);
  });
});

async function expectTensors(file: Uint8Array, expected: Readonly<Record<string, TensorContents>>): Promise<void> {
  const source = bufferSource(file, 'again');
  const { tensors, unusable } = await openCheckpoint(source);
  expect(unusable.size).toBe(0);
  expect(new Set(tensors.keys())).toEqual(new Set(Object.keys(expected)));
  for (const [name, { dataType, shape, bytes }] of Object.entries(expected)) {
    const entry = tensors.get(name)!;
    expect(entry).toMatchObject({ dataType, shape });
    const written = typeof bytes === 'function' ? await bytes() : bytes;
    expect([...(await source.read(entry.offset, entry.byteLength))]).toEqual([...written]);
  }
}

function noTensor(): TensorContents {
  return { dataType: 'float32', shape: [1], bytes: new Uint8Array(4) };
}

function bareStorage() {
  const { type, dataType, itemSize, elementCount } = torchTensor(noTensor()).storage;
  return { kind: 'storage', type, dataType, itemSize, elementCount, key: '0' } as const;
}

function deep(levels: number): PickleValue {
  let value: PickleValue = [];
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}
