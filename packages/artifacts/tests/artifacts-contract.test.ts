import { readdir, readFile, writeFile } from 'node:fs/promises';
import { OptionError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import type { Artifacts } from '../src/store/artifacts.js';
import { FileArtifacts } from '../src/store/file-artifacts.node.js';
import { openStore } from './s3-store.js';
import { s3Servers } from './s3-server.js';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
const s3Server = s3Servers();

/** Stores of two hosts that share what they keep. */
type TwoHosts = () => Promise<readonly [Artifacts, Artifacts]>;

const twoFolders: TwoHosts = async () => {
  const folder = await temporaryFolder();
  return [new FileArtifacts(folder), new FileArtifacts(folder)];
};
const twoMirrors: TwoHosts = async () => {
  const server = await s3Server();
  return [await openStore(server, await temporaryFolder()), await openStore(server, await temporaryFolder())];
};

const bytes = (...values: number[]) => Uint8Array.from(values);
const contentOf = async (artifacts: Artifacts, key: string) => {
  const path = await artifacts.fetch(key);
  return path === undefined ? undefined : [...(await readFile(path))];
};

describe.each([
  ['FileArtifacts', twoFolders],
  ['S3Artifacts', twoMirrors],
])('%s', (_, twoHosts) => {
  it('gives another host what one has written', async () => {
    const [one, other] = await twoHosts();
    expect([await one.has('a/b'), await one.fetch('a/b')]).toEqual([false, undefined]);
    expect(await one.write('a/b', bytes(1, 2, 3))).toBe(true);
    expect(await other.has('a/b')).toBe(true);
    expect([await contentOf(one, 'a/b'), await contentOf(other, 'a/b')]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(await other.fetch('a/b')).toBe(other.localPath('a/b'));
    expect(await other.has('a')).toBe(false);
  });

  it('removes all artifacts in a folder, and unfinished work', async () => {
    const [one, other] = await twoHosts();
    for (const key of ['a/b/1', 'a/b/c/2', 'a/bc', 'b/1']) await one.write(key, bytes(1));
    await writeFile(`${one.localPath('a/b/1')}.token.part`, '');
    await one.removeAll('a/b');
    await one.removeAll('nothing');
    expect([await other.list('a'), await other.list('b')]).toEqual([['a/bc'], ['b/1']]);
    expect(await readdir(one.localPath('a')).catch(() => [])).not.toContain('b');
  });

  it('keeps an empty artifact', async () => {
    const [one, other] = await twoHosts();
    expect(await one.write('empty', bytes())).toBe(true);
    expect(await contentOf(other, 'empty')).toEqual([]);
  });

  it('keeps the first of eight that are written at the same time', async () => {
    const [one, other] = await twoHosts();
    const values = [1, 2, 3, 4, 5, 6, 7, 8];
    const stored = await Promise.all(values.map((value) => (value % 2 === 0 ? one : other).write('key', bytes(value))));
    expect(stored.filter(Boolean)).toHaveLength(1);
    const winner = [values[stored.indexOf(true)]];
    expect([await contentOf(one, 'key'), await contentOf(other, 'key')]).toEqual([winner, winner]);
    expect(await one.write('key', bytes(9))).toBe(false);
    expect(await contentOf(one, 'key')).toEqual(winner);
  });

  it('replaces an artifact if it is told so', async () => {
    const [one, other] = await twoHosts();
    await one.write('key', bytes(1));
    await contentOf(one, 'key');
    expect(await one.write('key', bytes(2), { replace: true })).toBe(true);
    expect([await contentOf(one, 'key'), await contentOf(other, 'key')]).toEqual([[2], [2]]);
    expect(await other.write('new', bytes(3), { replace: true })).toBe(true);
    expect(await contentOf(one, 'new')).toEqual([3]);
  });

  it('lists what is below a folder, in order, and not its neighbours', async () => {
    const [one, other] = await twoHosts();
    expect(await one.list('m')).toEqual([]);
    const keys = [
      'm/t/train.2',
      'm/t/train.10',
      'm/a+b',
      'm/ä',
      'm/A',
      'm/a',
      'm/𝄞'.replace('𝄞', '𝐀'),
      'm/ﬀ',
      'n/b',
      'mm/c',
    ];
    for (const key of keys) expect(await one.write(key, bytes(1))).toBe(true);
    await one.write('m/t/x.part', bytes(1));
    const expected = keys.filter((key) => key.startsWith('m/')).sort();
    expect(await other.list('m')).toEqual(expected);
    expect(await other.list('m/t')).toEqual(['m/t/train.10', 'm/t/train.2']);
    expect(await other.list('m/t/train')).toEqual([]);
  });

  it('removes an artifact, or nothing', async () => {
    const [one, other] = await twoHosts();
    await one.write('key', bytes(1));
    await one.remove('key');
    await one.remove('key');
    expect([await one.has('key'), await one.fetch('key'), await other.fetch('key')]).toEqual([
      false,
      undefined,
      undefined,
    ]);
    expect(await other.write('key', bytes(2))).toBe(true);
    expect(await contentOf(one, 'key')).toEqual([2]);
  });

  it.each(['', '../x', 'a//b', '.a', 'con'])("refuses the key '%s'", async (key) => {
    const [one] = await twoHosts();
    for (const use of ['has', 'fetch', 'list', 'remove'] as const) {
      await expect(one[use](key)).rejects.toThrow(OptionError);
    }
    await expect(one.write(key, bytes(1))).rejects.toThrow(OptionError);
    expect(() => one.localPath(key)).toThrow(OptionError);
  });
});
