import { fileURLToPath } from 'node:url';
import { CheckpointError } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bufferSource } from '../../src/checkpoint/byte-source.js';
import { openFileSource } from '../../src/checkpoint/file-source.node.js';
import { lookUp } from '../../src/checkpoint/pickle-values.js';
import { readFloat32 } from '../../src/checkpoint/read-tensor.js';
import { readTorchCheckpoint } from '../../src/checkpoint/torch-checkpoint.js';
import { floats, piece, pickled, torchFile } from './made-pickles.js';
import { latin1Bytes, zipFile } from './made-zips.js';

const six = { six: floats(1, 2, 3, 4, 5, 6) };
const sixStorage = piece.storage('FloatStorage', 'six', 6);
const matrix = piece.tensor(sixStorage, 0, [2, 3], [3, 1]);

function open(bytes: Uint8Array) {
  return readTorchCheckpoint(bufferSource(bytes, 'made.pt'));
}

function openTensor(tensor: string, storages: Record<string, Uint8Array> = six) {
  return open(torchFile(piece.dict({ w: tensor }), storages));
}

describe('readTorchCheckpoint', () => {
  it('says where the tensors of a state dict lie', async () => {
    const bytes = torchFile(piece.dict({ 'a.weight': matrix, 'a.bias': piece.tensor(sixStorage, 4, [2], [1]) }), six);
    const source = bufferSource(bytes, 'made.pt');
    const checkpoint = await readTorchCheckpoint(source);
    expect(checkpoint).toMatchObject({ format: 'torch', name: 'made.pt' });
    const [weight, bias] = checkpoint.tensors.values();
    expect(weight).toMatchObject({ name: 'a.weight', dataType: 'float32', shape: [2, 3], byteLength: 24 });
    expect(bias.offset - weight.offset).toBe(16);
    expect([...(await readFloat32(source, weight))]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...(await readFloat32(source, bias))]).toEqual([5, 6]);
  });

  it.each(['mn01_as/', '', 'a b/'])("takes '%s' as the archive's folder", async (folder) => {
    const { tensors } = await open(torchFile(piece.dict({ w: matrix }), six, {}, folder));
    expect([...tensors.keys()]).toEqual(['w']);
  });

  it('joins the keys that lead to a tensor and keeps the rest as metadata', async () => {
    const checkpoint = await open(
      torchFile(
        piece.dict({
          epoch: piece.integer(7),
          args: piece.instance('argparse', 'Namespace', piece.dict({ n_cls: piece.integer(4) })),
          model: piece.dict({ 'v.weight': matrix }),
          optimizer: piece.dict({ state: `}K\x00${piece.dict({ step: matrix })}s` }),
          list: piece.list(matrix, 'N'),
          subclass: `${piece.instance('my.package', 'Weights')}${piece.text('bias')}${matrix}s`,
        }),
        six,
      ),
    );
    expect([...checkpoint.tensors.keys()]).toEqual([
      'model.v.weight',
      'optimizer.state.0.step',
      'list.0',
      'subclass.bias',
    ]);
    expect(lookUp(checkpoint.metadata, 'epoch')).toBe(7);
    expect(lookUp(checkpoint.metadata, 'args', 'n_cls')).toBe(4);
  });

  it('takes parameters, scalars, empty tensors and dimensions of size 1 with any stride', async () => {
    const parameter = piece.call('torch._utils', '_rebuild_parameter', matrix, '\x88', 'N');
    expect((await openTensor(parameter)).tensors.get('w')?.shape).toEqual([2, 3]);
    expect((await openTensor(piece.tensor(sixStorage, 5, [], []))).tensors.get('w')?.byteLength).toBe(4);
    expect((await openTensor(piece.tensor(sixStorage, 6, [0, 3], [3, 1]))).tensors.get('w')?.byteLength).toBe(0);
    expect((await openTensor(piece.tensor(sixStorage, 0, [1, 6], [99, 1]))).tensors.get('w')?.shape).toEqual([1, 6]);
  });

  it.each([
    ['DoubleStorage', 'float64', 8],
    ['HalfStorage', 'float16', 2],
    ['BFloat16Storage', 'bfloat16', 2],
    ['LongStorage', 'int64', 8],
    ['BoolStorage', 'bool', 1],
  ])('knows %s', async (type, dataType, itemSize) => {
    const tensor = piece.tensor(piece.storage(type, '0', 3), 1, [2], [1]);
    const { tensors } = await openTensor(tensor, { 0: new Uint8Array(3 * itemSize) });
    expect(tensors.get('w')).toMatchObject({ dataType, byteLength: 2 * itemSize });
  });

  it.each([
    ['transposed', piece.tensor(sixStorage, 0, [3, 2], [1, 3]), six, /strides \[1,3\] for shape \[3,2\].*contiguous/],
    ['expanded', piece.tensor(sixStorage, 0, [2, 6], [0, 1]), six, /strides \[0,1\]/],
    [
      'complex',
      piece.tensor(piece.storage('ComplexFloatStorage', '0', 1), 0, [1], [1]),
      { 0: new Uint8Array(8) },
      /type complex64/,
    ],
    [
      'of an unknown type',
      piece.tensor(piece.storage('OddStorage', '0', 1), 0, [1], [1]),
      { 0: new Uint8Array(8) },
      /type torch\.OddStorage/,
    ],
    ['sparse', piece.call('torch._utils', '_rebuild_sparse_tensor', 'N'), {}, /_rebuild_sparse_tensor/],
  ])('keeps a tensor that is %s apart, with the reason', async (_, tensor, storages, reason) => {
    const checkpoint = await openTensor(tensor, storages);
    expect(checkpoint.tensors.size).toBe(0);
    expect(checkpoint.unusable.get('w')).toMatch(reason);
  });

  it.each([
    ['beyond its storage', piece.tensor(sixStorage, 0, [7], [1]), /'w' reaches element 7, .* has 6/],
    ['beyond its storage by its offset', piece.tensor(sixStorage, 1, [6], [1]), /reaches element 7/],
    ['beyond its storage by its strides', piece.tensor(sixStorage, 0, [2, 2], [6, 1]), /reaches element 8/],
    ['of negative size', piece.tensor(sixStorage, 0, [-1], [1]), /impossible shape/],
    ['of negative stride', piece.tensor(sixStorage, 5, [6], [-1]), /impossible strides/],
    ['of fewer strides than sizes', piece.tensor(sixStorage, 0, [2, 3], [1]), /impossible strides/],
    ['of negative offset', piece.tensor(sixStorage, -1, [1], [1]), /impossible storage offset/],
    [
      'of absurd size',
      piece.tensor(sixStorage, 0, Array<number>(9).fill(0x7fffffff), Array<number>(9).fill(0)),
      /impossible shape/,
    ],
    [
      'of a storage that is not there',
      piece.tensor(piece.storage('FloatStorage', '7', 6), 0, [1], [1]),
      /'7', which is not in the file/,
    ],
    [
      'of a path as a storage',
      piece.tensor(piece.storage('FloatStorage', '../data.pkl', 6), 0, [1], [1]),
      /not in the file/,
    ],
    [
      'of a storage of another size',
      piece.tensor(piece.storage('FloatStorage', 'six', 7), 0, [1], [1]),
      /has 24 bytes/,
    ],
    [
      'of a storage of another type',
      piece.tensor(piece.storage('DoubleStorage', 'six', 6), 0, [1], [1]),
      /has 24 bytes/,
    ],
  ])('refuses a tensor that is %s', async (_, tensor, message) => {
    await expect(openTensor(tensor)).rejects.toThrow(CheckpointError);
    await expect(openTensor(tensor)).rejects.toThrow(message);
  });

  it.each<[string, Uint8Array, RegExp]>([
    [
      'names os.system',
      torchFile(latin1Bytes("cos\nsystem\n(S'echo hi'\ntR."), six),
      /calls 'os\.system'.*nothing was run/,
    ],
    [
      'hides posix.system beside its tensors',
      torchFile(piece.dict({ w: matrix, x: piece.call('posix', 'system', piece.text('echo hi')) }), six),
      /'posix\.system'/,
    ],
    ['has no tensors', torchFile(piece.dict({ epoch: 'N' })), /contains no named tensors, only a dict of 1 items/],
    ['is a whole model', torchFile(piece.instance('torch.nn', 'Linear')), /an object of class torch\.nn\.Linear/],
    [
      'names two tensors alike',
      torchFile(piece.dict({ 'a.b': matrix, a: piece.dict({ b: matrix }) }), six),
      /two tensors .* 'a\.b'/,
    ],
    ['is big-endian', torchFile(piece.dict({ w: matrix }), six, { byteorder: 'big' }), /byte order 'big'/],
    ['is TorchScript', torchFile(piece.dict({ w: matrix }), six, { 'constants.pkl': '' }), /TorchScript/],
    ['is another zip archive', zipFile([{ name: 'notes.txt', data: latin1Bytes('hello') }]), /without data\.pkl/],
    [
      'has two pickles',
      zipFile(['a/data.pkl', 'b/data.pkl'].map((name) => ({ name, data: pickled('N') }))),
      /2 files named data\.pkl/,
    ],
    ['has a damaged pickle', torchFile(latin1Bytes('\x80\x02}(')), /^made\.pt: archive\/data\.pkl: .* at byte 4/],
  ])('refuses a file that %s', async (_, bytes, message) => {
    await expect(open(bytes)).rejects.toThrow(CheckpointError);
    await expect(open(bytes)).rejects.toThrow(message);
  });

  it('refuses dicts that unfold into endless paths', async () => {
    const doubling =
      '}q\x00' + Array.from({ length: 40 }, () => '}q\x01K\x00h\x00sK\x01h\x00s0h\x01q\x000').join('') + 'h\x00';
    await expect(open(torchFile(doubling))).rejects.toThrow(CheckpointError);
    const cycle = '}q\x00K\x01h\x00s';
    await expect(open(torchFile(cycle))).rejects.toThrow(/nested too deeply/);
  });

  it('gives tensors inside the file, or a CheckpointError, for any mutation of a checkpoint', async () => {
    const good = torchFile(
      piece.dict({ model: piece.dict({ w: matrix }), args: piece.instance('argparse', 'Namespace') }),
      six,
    );
    const mutations = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 });
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(mutations, async (changes) => {
        const bytes = good.slice();
        for (const [at, value] of changes) bytes[at] = value;
        try {
          const { tensors } = await open(bytes);
          accepted += 1;
          for (const { offset, byteLength } of tensors.values()) {
            expect(offset).toBeGreaterThan(0);
            expect(offset + byteLength).toBeLessThanOrEqual(bytes.length);
          }
        } catch (error) {
          if (!(error instanceof CheckpointError)) throw error;
        }
      }),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(10);
  });
});

describe('a published layout', () => {
  const path = fileURLToPath(new URL('../../../plugins-efficientat/tests/fixtures/mn01_as.pt', import.meta.url));

  it('is read in place', async () => {
    const source = await openFileSource(path);
    const { tensors, unusable } = await readTorchCheckpoint(source);
    expect([tensors.size, unusable.size]).toEqual([294, 0]);
    const weight = tensors.get('features.0.0.weight');
    expect(weight).toEqual({
      name: 'features.0.0.weight',
      dataType: 'float32',
      shape: [8, 1, 3, 3],
      offset: 44096,
      byteLength: 288,
    });
    expect(tensors.get('features.0.1.num_batches_tracked')).toMatchObject({ dataType: 'int64', shape: [] });
    const values = weight === undefined ? [] : await readFloat32(source, weight);
    // Read with Python's zipfile and numpy.
    [0.22016792, -0.2492594, 0.27164647, 0.2132847].forEach((value, index) =>
      expect(values[index]).toBeCloseTo(value, 6),
    );
    await source.close();
  });
});
