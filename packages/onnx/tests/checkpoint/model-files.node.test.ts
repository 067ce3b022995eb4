import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, open, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CheckpointError } from '@hearken/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModelFiles, type NodeModelFiles } from '../../src/checkpoint/model-files.node.js';
import { GraphBuilder } from '../../src/graph/graph-builder.js';
import { add } from '../../src/graph/layers.js';
import { externalFloat32, rowsOf, weight } from '../../src/graph/weights.js';
import { createNodeSession } from '../../src/session/node-session.js';
import { floats, piece, torchFile } from './made-pickles.js';
import { weightsFile } from './made-weights.js';

let root: string;
let made = 0;
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'hearken-model-files-')));
});
afterAll(() => rm(root, { recursive: true }));

/** A new folder with these files; text, bytes, or an object as JSON. */
async function folderOf(files: Record<string, unknown>): Promise<string> {
  const folder = join(root, `${made++}`);
  for (const [name, content] of Object.entries({ ...files })) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    const data = typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content);
    await writeFile(join(folder, name), data);
  }
  await mkdir(folder, { recursive: true });
  return folder;
}

const a = { shape: [2], values: [1, 2] };
const b = { shape: [2], values: [10, 20], type: 'F16' as const };
const shards = {
  'model-00001-of-00002.safetensors': weightsFile({ a }),
  'model-00002-of-00002.safetensors': weightsFile({ b }),
  'model.safetensors.index.json': {
    weight_map: { a: 'model-00001-of-00002.safetensors', b: 'model-00002-of-00002.safetensors' },
  },
};

/** `a + b` as the runtime computes it from the files. */
async function sum(files: NodeModelFiles): Promise<number[]> {
  const graph = new GraphBuilder('sum');
  const input = graph.input('signal', [2]);
  const weights = add(graph, weight(graph, files.checkpoint, 'a', [2]), weight(graph, files.checkpoint, 'b', [2]));
  graph.output('sum', add(graph, input, weights), [2]);
  const session = await createNodeSession(graph.build(), { external: files.external });
  try {
    const results = await session.run({ signal: { data: new Float32Array(2), shape: [2] } });
    return [...(results.sum.data as Float32Array)];
  } finally {
    await session.dispose();
  }
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');

describe('openModelFiles', () => {
  it('opens a folder with one weight file and a config', async () => {
    const weights = weightsFile({ a, b });
    const folder = await folderOf({ 'model.safetensors': weights, 'config.json': { hidden_size: 2 } });
    const files = await openModelFiles(folder);
    expect([...files.checkpoint.tensors.keys()]).toEqual(['a', 'b']);
    expect(files.checkpoint.tensors.get('a')?.location).toBe('model.safetensors');
    expect(files).toMatchObject({ folder, paths: [join(folder, 'model.safetensors')], size: weights.length });
    expect(files.config?.integer('hidden_size')).toBe(2);
    expect(await files.sha256()).toBe(sha256(weights));
    expect(await sum(files)).toEqual([11, 22]);
  });

  it('opens weights in several files by their index, and hashes them as sha256sum lists them', async () => {
    const folder = await folderOf(shards);
    const [first, second] = Object.entries(shards).map(([name, data]) => ({ name, data: data as Uint8Array }));
    const list = `${sha256(first.data)}  ${first.name}\n${sha256(second.data)}  ${second.name}\n`;
    const ways = ['', 'model.safetensors.index.json', second.name].map((name) => join(folder, name));
    for (const way of ways) {
      const files = await openModelFiles(way);
      expect(files.checkpoint.tensors.get('b')?.location).toBe(second.name);
      expect(files.size).toBe(first.data.length + second.data.length);
      expect(await files.sha256()).toBe(sha256(list));
      expect(await sum(files)).toEqual([11, 22]);
      expect([...(await files.readFloat32(files.checkpoint.tensors.get('b')!))]).toEqual([10, 20]);
    }
  });

  it('opens pytorch_model.bin, or the only checkpoint of a folder', async () => {
    const file = torchFile(piece.dict({ a: piece.tensor(piece.storage('FloatStorage', '0', 2), 0, [2], [1]) }), {
      0: floats(1, 2),
    });
    for (const name of ['pytorch_model.bin', 'best.pth']) {
      const files = await openModelFiles(await folderOf({ [name]: file, 'config.json': {}, 'README.md': 'text' }));
      expect([...files.checkpoint.tensors.keys()]).toEqual(['a']);
      expect(files.config?.name).toMatch(/config\.json$/);
      expect([...(await files.readFloat32(files.checkpoint.tensors.get('a')!))]).toEqual([1, 2]);
    }
  });

  it('takes the config beside a file only where the file is named as in that layout', async () => {
    const folder = await folderOf({
      'model.safetensors': weightsFile({ a }),
      'other.safetensors': weightsFile({ b }),
      'config.json': {},
    });
    expect((await openModelFiles(join(folder, 'model.safetensors'))).config).toBeDefined();
    expect((await openModelFiles(join(folder, 'other.safetensors'))).config).toBeUndefined();
  });

  it('follows the links of a download cache, which lead out of their folder', async () => {
    const cache = await folderOf({ 'blobs/one': weightsFile({ a, b }), 'snapshots/main/README.md': '' });
    await symlink(join('..', '..', 'blobs', 'one'), join(cache, 'snapshots', 'main', 'model.safetensors'));
    const files = await openModelFiles(join(cache, 'snapshots', 'main'));
    expect(files.folder).toBe(join(cache, 'blobs'));
    expect(await sum(files)).toEqual([11, 22]);
  });

  it('finds the folder that all files share where links scatter them', async () => {
    const folder = await folderOf({
      'one/x': shards['model-00001-of-00002.safetensors'],
      'two/y': shards['model-00002-of-00002.safetensors'],
      'model.safetensors.index.json': shards['model.safetensors.index.json'],
    });
    await symlink('one/x', join(folder, 'model-00001-of-00002.safetensors'));
    await symlink('two/y', join(folder, 'model-00002-of-00002.safetensors'));
    const files = await openModelFiles(folder);
    expect(files.folder).toBe(folder);
    expect([...files.checkpoint.tensors.values()].map(({ location }) => location)).toEqual(['one/x', 'two/y']);
    expect(await sum(files)).toEqual([11, 22]);
  });

  it('uses weights that lie beyond 4 GB', async () => {
    const [hole, used] = [5 * 2 ** 30, weightsFile({ a, b: { ...b, type: 'F32' } }).subarray(-16)];
    const header = JSON.stringify({
      big: { dtype: 'F32', shape: [hole / 4], data_offsets: [0, hole] },
      a: { dtype: 'F32', shape: [2], data_offsets: [hole, hole + 8] },
      b: { dtype: 'F32', shape: [2], data_offsets: [hole + 8, hole + 16] },
    });
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const path = join(await folderOf({}), 'model.safetensors');
    // A sparse file: the disk holds its two ends only.
    const file = await open(path, 'w');
    await file.write(Buffer.concat([length, Buffer.from(header)]));
    await file.write(used, 0, used.length, 8 + header.length + hole);
    await file.close();
    expect(await sum(await openModelFiles(path))).toEqual([11, 22]);
  });

  it.each([
    ['an empty folder', {}, /an empty folder/],
    ['a folder without weights', { 'README.md': 'text' }, /none of model\.safetensors/],
    ['a folder of many checkpoints', { 'a.pt': 'x', 'b.pth': 'x' }, /2 files.*a\.pt, b\.pth/],
    ['a config that is no JSON', { 'model.safetensors': weightsFile({ a }), 'config.json': '{' }, /config\.json.*JSON/],
    ['an index without a map', { 'model.safetensors.index.json': {} }, /weight_map/],
    [
      'an index that leads out of its folder',
      { 'model.safetensors.index.json': { weight_map: { a: '../secret.safetensors' } } },
      /not a plain file name/,
    ],
    ['an index of dots', { 'model.safetensors.index.json': { weight_map: { a: '..' } } }, /not a plain file name/],
    [
      'an index of files that are not there',
      { 'model.safetensors.index.json': { weight_map: { a: 'gone.safetensors' } } },
      /1 of its 1 files missing: gone\.safetensors/,
    ],
    [
      'an index of another download',
      {
        'one.safetensors': weightsFile({ b }),
        'model.safetensors.index.json': { weight_map: { a: 'one.safetensors' } },
      },
      /one\.safetensors.*no tensor 'a'/,
    ],
  ])('refuses %s', async (_what, content, message) => {
    const opening = openModelFiles(await folderOf(content));
    await expect(opening).rejects.toThrow(CheckpointError);
    await expect(opening).rejects.toThrow(message);
  });

  it('refuses a path where nothing is', async () => {
    await expect(openModelFiles(join(root, 'nowhere'))).rejects.toThrow(/no such file/);
  });
});

describe('weights in place', () => {
  it.each(['F32', 'F16', 'BF16', 'F64'] as const)('%s are float32 in the graph, rows of them too', async (type) => {
    const values = [1, -2.5, 0, 96, 0.375, -7];
    const folder = await folderOf({ 'model.safetensors': weightsFile({ w: { shape: [3, 2], values, type } }) });
    const files = await openModelFiles(folder);
    const graph = new GraphBuilder('rows');
    const input = graph.input('signal', [1]);
    const entry = files.checkpoint.tensors.get('w')!;
    graph.output('all', add(graph, input, weight(graph, files.checkpoint, 'w', [3, null])), [3, 2]);
    graph.output('rows', add(graph, input, externalFloat32(graph, rowsOf(entry, 1, 3))), [2, 2]);
    const session = await createNodeSession(graph.build(), { external: files.external });
    const { all, rows } = await session.run({ signal: { data: new Float32Array(1), shape: [1] } });
    await session.dispose();
    expect([...(all.data as Float32Array)]).toEqual(values);
    expect([...(rows.data as Float32Array)]).toEqual(values.slice(2));
    expect(() => rowsOf(entry, 2, 4)).toThrow('rows 2 to 4 of 3');
  });
});
