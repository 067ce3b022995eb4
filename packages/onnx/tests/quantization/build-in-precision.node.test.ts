import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckpointError, FileError } from '@hearken/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  add,
  createNodeSession,
  externalFloat32,
  GraphBuilder,
  linearLayers,
  linearWeights,
  type MatrixSource,
  type ModelFiles,
  openModelFiles,
  type Precision,
  requireTensor,
  rowsOf,
  weight,
} from '../../src/node.js';
import { weightsFile } from '../checkpoint/made-weights.js';
import { FileChangedError } from '../../src/checkpoint/file-changed-error.js';
import { buildInNodePrecision } from '../../src/quantization/build-in-precision.node.js';
import { exactByteType } from '../../src/quantization/exact-byte-type.js';
import type { ByteType } from '../../src/quantization/quantized-layout.js';
import { farthest, noise } from '../run-graph.js';

const [width, inner] = [16, 40];
const made = {
  'first.weight': { shape: [inner, width], values: noise(inner * width, 1) },
  'first.bias': { shape: [inner], values: noise(inner, 2) },
  'stacked.weight': { shape: [2 * width, inner], values: noise(2 * width * inner, 3) },
  'stacked.bias': { shape: [2 * width], values: noise(2 * width, 4) },
  shift: { shape: [width], values: noise(width, 5) },
};
const signal = { data: noise(3 * width, 6), shape: [3, width] };

let folder: string;
let cache: string;
let checkpoint: string;
beforeEach(async () => {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'hearken-quantized-')));
  [folder, cache] = [join(root, 'models'), join(root, 'cache')];
  await mkdir(folder);
  checkpoint = join(folder, 'model.pth.safetensors');
  await writeFile(checkpoint, weightsFile(made));
  vi.stubEnv('HEARKEN_CACHE', cache);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(join(folder, '..'), { recursive: true });
});

/** A linear layer of its own, then the sum of two that the checkpoint stacks in one. */
function build({ checkpoint: tensors }: ModelFiles, matrices: MatrixSource) {
  const graph = new GraphBuilder('test');
  const input = graph.input('signal', ['n', width]);
  const first = linearWeights(graph, tensors, 'first', { inputs: width, outputs: inner, matrices });
  const [hidden] = linearLayers(graph, input, [first]);
  const [weights, biases] = ['weight', 'bias'].map((name) => requireTensor(tensors, `stacked.${name}`));
  const [left, right] = linearLayers(
    graph,
    hidden,
    [0, width].map((start) => ({
      ...matrices(graph, rowsOf(weights, start, start + width)),
      bias: externalFloat32(graph, rowsOf(biases, start, start + width)),
    })),
  );
  graph.output('result', add(graph, add(graph, left, right), weight(graph, tensors, 'shift', [width])), ['n', width]);
  return { graph: graph.build(), width };
}

/** Signed bytes unless told otherwise, whatever this machine takes. */
async function open(precision: Precision = 'int8', path = checkpoint, type: ByteType = 'int8') {
  const files = await openModelFiles(path);
  return buildInNodePrecision(files, precision, (matrices) => build(files, matrices), type);
}

async function result(precision: Precision = 'int8', path = checkpoint, type: ByteType = 'int8'): Promise<number[]> {
  const { graph, external } = await open(precision, path, type);
  const session = await createNodeSession(graph, { external, threads: 1 });
  const { result: found } = await session.run({ signal });
  const values = [...(found.data as Float32Array)];
  await session.dispose();
  return values;
}

const cacheName = async (path = checkpoint) =>
  `model.pth.safetensors.int8-${createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
    .slice(0, 16)}.cache`;
const beside = async () => join(folder, await cacheName());

/** Makes files look old, and says later whether they still do. */
async function makeOld(path: string): Promise<void> {
  await utimes(path, 1000, 1000);
}
const isOld = async (path: string) => (await stat(path)).mtimeMs === 1_000_000;

describe('a graph in int8', () => {
  it('gives almost what it gives in fp32, which is as without a choice', async () => {
    const files = await openModelFiles(checkpoint);
    const { graph, external, width: other } = await open('fp32');
    expect(external.folder).toBe(folder);
    expect(other).toBe(width);
    expect(graph).toEqual(build(files, (to, entry) => ({ weight: externalFloat32(to, entry) })).graph);
    const [exact, found] = [
      await result('fp32'),
      await result('int8', checkpoint, await exactByteType(createNodeSession)),
    ];
    const largest = Math.max(...exact.map(Math.abs));
    expect(farthest(found, exact) / largest).toBeLessThan(0.02);
    expect(farthest(found, exact) / largest).toBeGreaterThan(1e-5);
  });

  it('leaves one file beside the checkpoint, a quarter of the matrices, which is no checkpoint itself', async () => {
    const expected = await result();
    expect((await readdir(folder)).sort()).toEqual(['model.pth.safetensors', await cacheName()]);
    expect((await stat(await beside())).size).toBeLessThan(
      width * inner + 2 * width * inner + 4 * (inner + 2 * width) + 2000,
    );
    // A folder with one checkpoint is still a folder with one checkpoint.
    expect(await result('int8', folder)).toEqual(expected);
  });

  it('needs the checkpoint no more once it is built', async () => {
    const expected = await result();
    const { graph, external } = await open();
    await rm(checkpoint);
    const session = await createNodeSession(graph, { external, threads: 1 });
    expect([...((await session.run({ signal })).result.data as Float32Array)]).toEqual(expected);
    await session.dispose();
  });

  it('finds the file that it left', async () => {
    const expected = await result();
    await makeOld(await beside());
    expect(await result()).toEqual(expected);
    expect(await isOld(await beside())).toBe(true);
  });

  it.each<[string, (bytes: Buffer) => Uint8Array]>([
    ['a changed weight', (bytes) => bytes.fill(bytes[bytes.length - 700] ^ 1, bytes.length - 700, bytes.length - 699)],
    ['a changed header', (bytes) => bytes.fill(0x41, 20, 21)],
    ['an end that is missing', (bytes) => bytes.subarray(0, -4)],
    ['something behind its end', (bytes) => Buffer.concat([bytes, Buffer.of(0)])],
    ['nothing in it', () => new Uint8Array(0)],
    ['the header alone', (bytes) => bytes.subarray(0, 64)],
  ])('makes the file again where it has %s', async (_, damage) => {
    const expected = await result();
    const whole = await readFile(await beside());
    await writeFile(await beside(), damage(Buffer.from(whole)));
    await makeOld(await beside());
    expect(await result()).toEqual(expected);
    expect(await readFile(await beside())).toEqual(whole);
    expect(await readdir(folder)).toHaveLength(2);
  });

  it('makes another file for another checkpoint under the same name', async () => {
    const before = await result();
    const old = await beside();
    await writeFile(checkpoint, weightsFile({ ...made, shift: { ...made.shift, values: noise(width, 9) } }));
    expect(await beside()).not.toBe(old);
    expect(await result()).not.toEqual(before);
  });

  it('does not take a file that was renamed to another checkpoint', async () => {
    await result();
    const old = await readFile(await beside());
    const changed = { ...made['first.weight'], values: noise(inner * width, 11) };
    await writeFile(checkpoint, weightsFile({ ...made, 'first.weight': changed }));
    const expected = await result();
    await writeFile(await beside(), old);
    expect(await result()).toEqual(expected);
  });

  it('goes to the cache folder where the checkpoint lies in one that cannot be written', async () => {
    // A folder in the way, since no permission stops the superuser.
    await mkdir(await beside());
    const expected = await result();
    const inCache = join(cache, 'quantized', await cacheName());
    await makeOld(inCache);
    expect(await result()).toEqual(expected);
    expect(await isOld(inCache)).toBe(true);
    expect(await readdir(join(cache, 'quantized'))).toHaveLength(1);
    // And nothing half-written stays behind.
    expect(await readdir(folder)).toHaveLength(2);
  });

  it('says so where it can write nowhere', async () => {
    await mkdir(await beside());
    await writeFile(cache, 'a file in the way');
    const refused = open();
    await expect(refused).rejects.toThrow(FileError);
    await expect(refused).rejects.toThrow(/model\.pth\.safetensors.*no writable folder.*HEARKEN_CACHE/);
  });

  it('refuses weights that are not finite, and leaves no file', async () => {
    const values = noise(inner * width);
    values[77] = NaN;
    await writeFile(checkpoint, weightsFile({ ...made, 'first.weight': { shape: [inner, width], values } }));
    const refused = open();
    await expect(refused).rejects.toThrow(CheckpointError);
    await expect(refused).rejects.toThrow(/first\.weight.*NaN/);
    expect(await readdir(folder)).toEqual(['model.pth.safetensors']);
  });

  it('is the same from half-precision weights as from those widened', async () => {
    const halves = Object.fromEntries(
      Object.entries(made).map(([name, { shape, values }]) => [name, { shape, values, type: 'BF16' as const }]),
    );
    const cut = Object.fromEntries(
      Object.entries(made).map(([name, { shape, values }]) => {
        const bits = new Uint32Array(values.slice().buffer).map((word) => word & 0xffff0000);
        return [name, { shape, values: new Float32Array(bits.buffer) }];
      }),
    );
    await writeFile(checkpoint, weightsFile(halves));
    const found = await result();
    await writeFile(checkpoint, weightsFile(cut));
    expect(await result()).toEqual(found);
  });

  it('is the same of unsigned bytes, where products of signed ones do not overflow', async () => {
    const found = await result('int8', checkpoint, 'uint8');
    expect(await readdir(folder)).toContain((await cacheName()).replace('.int8-', '.uint8-'));
    if ((await exactByteType(createNodeSession)) === 'int8') expect(found).toEqual(await result());
    else expect(farthest(found, await result('fp32'))).toBeLessThan(1);
  });

  it('can be asked for twice at once', async () => {
    const [left, right] = await Promise.all([result(), result()]);
    expect(left).toEqual(right);
    expect(await readdir(folder)).toHaveLength(2);
  });

  it('may lie in another file of equal contents by the time it is loaded, and in no other', async () => {
    const expected = await result();
    const replace = async (bytes: Uint8Array) => {
      await writeFile(join(folder, 'other'), bytes);
      await rename(join(folder, 'other'), await beside());
    };
    const whole = await readFile(await beside());
    const first = await open();
    await replace(whole);
    const session = await createNodeSession(first.graph, { external: first.external, threads: 1 });
    expect([...((await session.run({ signal })).result.data as Float32Array)]).toEqual(expected);
    await session.dispose();
    const second = await open();
    const damaged = Uint8Array.from(whole);
    damaged[damaged.length - 1] ^= 1;
    await replace(damaged);
    await expect(createNodeSession(second.graph, { external: second.external, threads: 1 })).rejects.toThrow(
      FileChangedError,
    );
  });
});
