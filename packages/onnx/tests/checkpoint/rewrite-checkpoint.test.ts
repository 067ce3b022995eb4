// A checkpoint with other weights in the layout that it had.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writeFileAtomic } from '@hearken/core/node';
import { describe, expect, it } from 'vitest';
import { describeTrainingFixtures } from '../../../../tests/support/training-fixtures.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { bufferSource } from '../../src/checkpoint/byte-source.js';
import { openModelFiles } from '../../src/checkpoint/model-files.node.js';
import { isKind, lookUp, type PickleValue } from '../../src/checkpoint/pickle-values.js';
import { OrderedDict, pythonFloat, pythonObject, pythonTuple } from '../../src/checkpoint/python-types.js';
import { rewriteCheckpoint } from '../../src/checkpoint/write/rewrite-checkpoint.js';
import { type TensorContents, tensorContents, torchTensor } from '../../src/checkpoint/write/tensor-contents.js';
import { readTorchValue } from '../../src/checkpoint/write/torch-value.js';
import { writeSafetensors } from '../../src/checkpoint/write/write-safetensors.js';
import { writeTorchCheckpoint } from '../../src/checkpoint/write/write-torch.js';
import type { CheckpointChanges } from '../../src/checkpoint/write/written-file.js';

const newFolder = temporaryFolders();
const floats = (...values: number[]) => ({ data: Float32Array.from(values), shape: [values.length] });
const stored = (...values: number[]): TensorContents => tensorContents('', floats(...values));
const halves: TensorContents = { dataType: 'float16', shape: [2], bytes: Uint8Array.of(0, 60, 0, 64) };

/** Writes a file, opens it, and rewrites it next to it; the folder with the rewritten files. */
async function rewritten(file: AsyncIterable<Uint8Array>, name: string, changes: CheckpointChanges) {
  const folder = await newFolder();
  await writeFileAtomic(join(folder, name), file);
  return rewriteInto(join(folder, 'again'), join(folder, name), changes);
}

async function rewriteInto(folder: string, path: string, changes: CheckpointChanges): Promise<string> {
  const files = await openModelFiles(path);
  for (const { name, parts } of await rewriteCheckpoint(files, changes)) {
    await writeFileAtomic(join(folder, name), parts);
  }
  return folder;
}

async function valuesOf(path: string): Promise<Readonly<Record<string, readonly number[]>>> {
  const files = await openModelFiles(path);
  const read = [...files.checkpoint.tensors.values()].map(
    async (entry) => [entry.name, [...(await files.readFloat32(entry))]] as const,
  );
  return Object.fromEntries(await Promise.all(read));
}

const nested = () => {
  const state = new OrderedDict([
    ['a.weight', torchTensor(stored(1, 2))],
    ['b.weight', torchTensor(halves)],
    ['c.weight', torchTensor(stored(3))],
  ]);
  state.attributes = new Map([['', new Map([['version', 1]])]]);
  return new Map<PickleValue, PickleValue>([
    ['epoch', 3],
    ['score', pythonFloat(0)],
    ['betas', pythonTuple(0.9, 0.98)],
    ['args', pythonObject('argparse', 'Namespace', new Map([['alpha', pythonFloat(1)]]))],
    ['model', state],
    ['loss', torchTensor(tensorContents('', { data: Float32Array.of(0.5), shape: [] }))],
  ]);
};

describe('a nested PyTorch checkpoint', () => {
  const change = {
    tensors: new Map([
      ['model.b.weight', floats(5, 6, 7)],
      ['model.d.weight', floats(8)],
    ]),
    remove: ['model.c.weight'],
  };

  it('has the changes, and the rest as it was', async () => {
    const folder = await rewritten(writeTorchCheckpoint(nested()), 'best.pth', change);
    const path = join(folder, 'best.pth');
    const values = await valuesOf(path);
    expect(values).toEqual({
      'model.a.weight': [1, 2],
      'model.b.weight': [5, 6, 7],
      'model.d.weight': [8],
      loss: [0.5],
    });
    expect(Object.keys(values)).toEqual(['model.a.weight', 'model.b.weight', 'model.d.weight', 'loss']);
    const value = await readTorchValue(bufferSource(readFileSync(path), path));
    if (!(value instanceof Map)) throw new Error('no dict');
    expect([...value.keys()]).toEqual([...nested().keys()]);
    for (const key of ['epoch', 'score', 'betas', 'args']) expect(value.get(key)).toEqual(nested().get(key));
    const state = value.get('model') as OrderedDict;
    expect(state).toBeInstanceOf(OrderedDict);
    expect(state.attributes).toEqual((nested().get('model') as OrderedDict).attributes);
  });

  it('stores trained weights as float32', async () => {
    const folder = await rewritten(writeTorchCheckpoint(nested()), 'best.pth', change);
    const { checkpoint } = await openModelFiles(join(folder, 'best.pth'));
    expect(checkpoint.tensors.get('model.b.weight')).toMatchObject({ dataType: 'float32', shape: [3] });
  });

  it('keeps a parameter a parameter', async () => {
    const parameter: PickleValue = {
      kind: 'record',
      module: 'torch._utils',
      name: '_rebuild_parameter',
      args: [torchTensor(stored(1)), true, new OrderedDict()],
      state: null,
      isCall: true,
    };
    const file = writeTorchCheckpoint(new Map<PickleValue, PickleValue>([['a', parameter]]));
    const folder = await rewritten(file, 'parameter.pt', { tensors: new Map([['a', floats(4, 5)]]) });
    const path = join(folder, 'parameter.pt');
    expect(await valuesOf(path)).toEqual({ a: [4, 5] });
    const found = lookUp(await readTorchValue(bufferSource(readFileSync(path), path)), 'a');
    if (!isKind(found, 'tensor')) throw new Error('no tensor');
    expect(found.call).toMatchObject({
      name: '_rebuild_parameter',
      args: [{ kind: 'tensor' }, true, new OrderedDict()],
    });
  });

  it('refuses to remove what is not there', async () => {
    const missing = rewritten(writeTorchCheckpoint(nested()), 'best.pth', { remove: ['model.x'] });
    await expect(missing).rejects.toThrow(/no tensor 'model.x'/);
  });
});

describe('a flat state dict', () => {
  it('gets new tensors at its end', async () => {
    const file = writeTorchCheckpoint(new OrderedDict([['a.b', torchTensor(stored(1))]]));
    const folder = await rewritten(file, 'flat.pt', { tensors: new Map([['a.c', floats(2)]]) });
    expect(await valuesOf(join(folder, 'flat.pt'))).toEqual({ 'a.b': [1], 'a.c': [2] });
  });
});

describe('safetensors', () => {
  it('have the changes, and the rest as it was', async () => {
    const tensors = new Map([
      ['a', stored(1, 2)],
      ['b', halves],
      ['c', stored(3)],
    ]);
    const folder = await rewritten(writeSafetensors(tensors, { format: 'pt' }), 'model.safetensors', {
      tensors: new Map([
        ['a', floats(7)],
        ['d', floats(9)],
      ]),
      remove: ['c'],
    });
    const { checkpoint } = await openModelFiles(join(folder, 'model.safetensors'));
    expect(checkpoint.metadata).toEqual(new Map([['format', 'pt']]));
    expect(checkpoint.tensors.get('b')).toMatchObject({ dataType: 'float16', shape: [2] });
    expect(await valuesOf(folder)).toEqual({ a: [7], b: [1, 2], d: [9] });
  });

  it('in several files stay in several', async () => {
    const folder = await newFolder();
    const [first, second] = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
    await writeFileAtomic(join(folder, first), writeSafetensors(new Map([['a', stored(1)]])));
    await writeFileAtomic(join(folder, second), writeSafetensors(new Map([['b', stored(2)]])));
    const index = JSON.stringify({ weight_map: { a: first, b: second } });
    await writeFileAtomic(join(folder, 'model.safetensors.index.json'), index);
    const tensors = new Map([
      ['a', floats(4)],
      ['head', floats(5, 6)],
    ]);
    const again = await rewriteInto(join(folder, 'again'), folder, { tensors });
    const files = await openModelFiles(again);
    expect(await valuesOf(again)).toEqual({ a: [4], b: [2], head: [5, 6] });
    expect(files.checkpoint.tensors.get('head')?.location).toBe(second);
  });
});

describeTrainingFixtures('.', 'the fixtures of training', (root) => {
  it.each(['hubert-ecg/finetuned.pt', 'patchmix/best.pth', 'efficientat/finetuned.pt', 'hear/model.safetensors'])(
    'are written again as they were: %s',
    async (name) => {
      const path = join(root, name);
      const again = await rewriteInto(await newFolder(), path, {});
      const copy = join(again, basename(path));
      expect(await bytesOf(copy)).toEqual(await bytesOf(path));
      if (path.endsWith('.safetensors')) return;
      expect(await plainValue(copy)).toEqual(await plainValue(path));
    },
  );
});

/** The bytes of all tensors by name, with their types and shapes. */
async function bytesOf(path: string): Promise<unknown[]> {
  const files = await openModelFiles(path);
  const read = [...files.checkpoint.tensors.values()].map(async (entry) => {
    const { name, dataType, shape } = entry;
    return { name, dataType, shape, bytes: Buffer.from(await files.readBytes(entry)).toString('base64') };
  });
  return Promise.all(read);
}

/** The value of a PyTorch file, without the places of its storages. */
async function plainValue(path: string): Promise<unknown> {
  const value = await readTorchValue(bufferSource(readFileSync(path), path));
  const plain = (one: PickleValue): unknown => {
    if (isKind(one, 'storage')) return { type: one.type, elementCount: one.elementCount };
    if (isKind(one, 'tensor')) return plain(one.call ?? null);
    if (isKind(one, 'record')) return { ...one, args: one.args.map(plain), state: plain(one.state) };
    if (Array.isArray(one)) return [one.constructor.name, ...one.map(plain)];
    if (!(one instanceof Map)) return one;
    const attributes = one instanceof OrderedDict ? plain(one.attributes ?? null) : undefined;
    return { type: one.constructor.name, attributes, members: [...one].map(([key, member]) => [key, plain(member)]) };
  };
  return plain(value);
}
