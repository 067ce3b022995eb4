import { CheckpointError } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bufferSource } from '../../src/checkpoint/byte-source.js';
import { readZipEntries } from '../../src/checkpoint/zip-entries.js';
import { hugeZipSource, joined, latin1Bytes, zipFile, type MadeEntry } from './made-zips.js';

const first: MadeEntry = { name: 'a/one', data: latin1Bytes('first data') };
const second: MadeEntry = { name: 'a/two', data: latin1Bytes('second'), padding: 33 };

function listed(bytes: Uint8Array) {
  return readZipEntries(bufferSource(bytes, 'made.zip'));
}

describe('readZipEntries', () => {
  it('finds the data of every entry', async () => {
    const bytes = zipFile([first, second, { name: 'a/none', data: new Uint8Array() }]);
    const entries = await listed(bytes);
    expect(entries.map(({ name }) => name)).toEqual(['a/one', 'a/two', 'a/none']);
    const texts = entries.map(({ dataOffset, size }) =>
      String.fromCharCode(...bytes.subarray(dataOffset, dataOffset + size)),
    );
    expect(texts).toEqual(['first data', 'second', '']);
  });

  it('takes sizes from the directory where they follow the data', async () => {
    const streamed: MadeEntry = { ...first, flags: 0x808, local: { size: 0 } };
    const [entry] = await listed(zipFile([streamed, second]));
    expect(entry.size).toBe(10);
  });

  it('reads archives over 4 GB, without their data', async () => {
    const dataSize = 5 * 2 ** 30;
    const entries = await readZipEntries(hugeZipSource(dataSize));
    expect(entries).toEqual([
      { name: 'archive/data/0', dataOffset: 44, size: dataSize },
      { name: 'archive/version', dataOffset: 44 + dataSize + 45, size: 2 },
    ]);
  });

  it.each<[string, MadeEntry[], RegExp]>([
    ['compressed', [{ ...first, method: 8 }], /'a\/one' is compressed \(method 8\)/],
    ['encrypted', [{ ...first, flags: 0x801 }], /'a\/one' is encrypted/],
    ['listed twice', [first, { ...second, name: 'a/one' }], /'a\/one' is listed twice/],
    ['listed at another', [first, { ...second, listedOffset: 0 }], /a different name in its own header/],
    ['listed after the end', [first, { ...second, listedOffset: 9999 }], /begins at byte 9999/],
    ['larger than the file', [first, { ...second, listedSize: 70_000, local: { size: 70_000 } }], /but the file has/],
    ['over the directory', [first, { ...second, listedSize: 8, local: { size: 8 } }], /after the archive's directory/],
    ['over its neighbour', [{ ...first, listedSize: 11, local: { size: 11 } }, second], /after entry 'a\/two' begins/],
    ['named otherwise', [{ ...first, local: { name: 'a/won' } }], /a different name/],
    ['compressed in its own header', [{ ...first, local: { method: 8 } }], /a different compression/],
    ['encrypted in its own header', [{ ...first, local: { flags: 0x801 } }], /a different encryption/],
    ['of another size in its own header', [{ ...first, local: { size: 3 } }], /a different size/],
    ['without a header', [{ ...first, local: { signature: 0 } }], /no header/],
    ['outside its folder', [{ ...first, name: '../one' }], /cannot be read \(Unsafe filename\)/],
  ])('refuses an entry that is %s', async (_, entries, message) => {
    await expect(listed(zipFile(entries))).rejects.toThrow(CheckpointError);
    await expect(listed(zipFile(entries))).rejects.toThrow(message);
  });

  it('refuses what is empty, cut short, or no archive', async () => {
    const good = zipFile([first, second]);
    await expect(listed(zipFile([]))).rejects.toThrow(/archive is empty/);
    await expect(listed(good.subarray(0, good.length - 30))).rejects.toThrow(CheckpointError);
    await expect(listed(good.subarray(0, good.length - 1))).rejects.toThrow(CheckpointError);
    await expect(listed(good.subarray(20))).rejects.toThrow(CheckpointError);
    await expect(listed(joined([good, new Uint8Array(9)]))).rejects.toThrow(CheckpointError);
    await expect(listed(latin1Bytes('no archive at all, but long enough for one'))).rejects.toThrow(CheckpointError);
    await expect(listed(zipFile([first], 40_000))).rejects.toThrow(CheckpointError);
  });

  it('refuses absurdly many entries', async () => {
    const entries = Array.from({ length: 100_001 }, (_, index) => ({ name: `${index}`, data: new Uint8Array() }));
    await expect(listed(zipFile(entries, entries.length & 0xffff))).rejects.toThrow(/more than 100000 entries/);
  });

  it('gives entries inside the file, or a CheckpointError, for any mutation of an archive', async () => {
    const good = zipFile([first, second]);
    const mutations = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(mutations, fc.nat(good.length), async (changes, kept) => {
        const bytes = good.slice(0, kept < good.length / 2 ? good.length : kept);
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        try {
          for (const { dataOffset, size } of await listed(bytes)) {
            expect(dataOffset).toBeGreaterThanOrEqual(30);
            expect(dataOffset + size).toBeLessThanOrEqual(bytes.length - 22);
          }
        } catch (error) {
          if (!(error instanceof CheckpointError)) throw error;
        }
      }),
      { numRuns: 1500 },
    );
  });
});
