import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecord, encodeRecord, openJournal } from '../../src/run/journal.node.js';
import type { RunIdentity } from '@hearken/results/node';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();

function identity(seed: number): RunIdentity {
  return {
    model: { plugin: 'p', pluginVersion: '1', model: 'm', checkpointSha256: null, options: {}, backend: 'b' },
    task: { id: 'tâsk v1', contentHash: 'c' },
    evaluation: { probe: 'mlp', grid: 'default', gridPoints: 8, seed },
  };
}

describe('journal records', () => {
  it('come back as they were', () => {
    const arrays = fc.dictionary(fc.string({ maxLength: 8 }), fc.float32Array({ maxLength: 9 }), {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(
        fc.string(),
        fc.dictionary(fc.string(), fc.integer(), { noNullPrototype: true }),
        arrays,
        (key, values, content) => {
          expect(decodeRecord(encodeRecord(key, { values, arrays: content }), key)).toEqual({
            values,
            arrays: content,
          });
        },
      ),
    );
  });

  it('count as absent where cut, extended or of another key', () => {
    const bytes = encodeRecord('key', { values: { score: 1 }, arrays: { w: Float32Array.of(1, 2, 3) } });
    for (let length = 0; length < bytes.length; length += 1) {
      expect(decodeRecord(bytes.subarray(0, length), 'key')).toBeUndefined();
    }
    expect(decodeRecord(Uint8Array.from([...bytes, 0]), 'key')).toBeUndefined();
    expect(decodeRecord(bytes, 'other')).toBeUndefined();
    expect(decodeRecord(bytes, 'key')?.arrays.w).toEqual(Float32Array.of(1, 2, 3));
  });

  it('count as absent where any one bit is another', () => {
    const bytes = encodeRecord('key', { values: { score: 1 }, arrays: { w: Float32Array.of(1, 2, 3) } });
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const damaged = bytes.slice();
      damaged[bit >> 3] ^= 1 << (bit & 7);
      expect(decodeRecord(damaged, 'key')).toBeUndefined();
    }
  });

  it('never throw on arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (tail) => {
        expect(decodeRecord(Uint8Array.from([0x48, 0x4b, 0x4a, 0x32, ...tail]), 'key')).toBeUndefined();
      }),
    );
  });
});

describe('openJournal', () => {
  it('keeps records of one run apart from those of another, until removed', async () => {
    const folder = await temporaryFolder();
    const journal = openJournal(folder, identity(0));
    await journal.write('grid-0', { values: { score: 0.5 }, arrays: { w: Float32Array.of(1) } });
    expect(await openJournal(folder, identity(0)).read('grid-0')).toEqual({
      values: { score: 0.5 },
      arrays: { w: Float32Array.of(1) },
    });
    expect(await journal.read('grid-1')).toBeUndefined();
    expect(await openJournal(folder, identity(1)).read('grid-0')).toBeUndefined();
    await journal.remove();
    expect(await journal.read('grid-0')).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });

  it('passes over a damaged record', async () => {
    const folder = await temporaryFolder();
    const damaged: string[] = [];
    const journal = openJournal(folder, identity(0), (path) => damaged.push(path));
    await journal.write('grid-0', { values: {}, arrays: { w: Float32Array.of(1, 2) } });
    const [own] = await readdir(folder);
    const [file] = await readdir(join(folder, own));
    const bytes = await readFile(join(folder, own, file));
    await writeFile(join(folder, own, file), bytes.subarray(0, bytes.length - 3));
    expect(await journal.read('grid-0')).toBeUndefined();
    expect(damaged).toEqual([join(folder, own, file)]);
    expect(await journal.read('grid-1')).toBeUndefined();
    expect(damaged).toHaveLength(1);
  });
});
