import { mkdir, readFile, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { TaskError } from '@hearken/core';
import { create } from 'tar';
import { describe, expect, it } from 'vitest';
import { openTask, openTasks } from '../src/open-task.node.js';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';
import { writeTask } from '../../../tests/support/task-folder.js';

const temporaryFolder = temporaryFolders();

describe('openTask on a folder', () => {
  it('reads metadata, labels, splits and rates', async () => {
    const folder = await writeTask(join(await temporaryFolder(), 'tasks', 'tiny'));
    const task = await openTask(folder);
    expect(task.id).toBe('tiny-v1-full');
    expect(task.labels).toEqual(['cat', '7']);
    expect(task.sampleRates).toEqual([8000]);
    expect(task.splits.get('train')?.map((clip) => clip.name)).toEqual(['a b.wav', 'ü.wav']);
    expect(task.splits.get('test')?.[0].labels).toEqual(['7']);
  });

  it('finds tasks below a folder, and wants one named where there are two', async () => {
    const folder = await temporaryFolder();
    await writeTask(join(folder, 'hear-2021.0.6', 'tasks', 'one'));
    expect((await openTask(folder)).id).toBe('tiny-v1-full');
    await writeTask(join(folder, 'hear-2021.0.6', 'tasks', 'two'), { metadata: { task_name: 'other' } });
    expect((await openTasks(folder)).map((task) => task.id)).toEqual(['tiny-v1-full', 'other-v1-full']);
    await expect(openTask(folder)).rejects.toThrow(/2: tiny-v1-full, other-v1-full/);
  });

  it.each([
    ['no metadata', (folder: string) => rm(join(folder, 'task_metadata.json')), /no task_metadata\.json/],
    [
      'no vocabulary',
      (folder: string) => rm(join(folder, 'labelvocabulary.csv')),
      /labelvocabulary\.csv' of task 'tiny-v1-full': no such file/,
    ],
    [
      'a missing split',
      (folder: string) => rm(join(folder, 'valid.json')),
      /valid\.json' of task 'tiny-v1-full': no such file/,
    ],
    ['broken JSON', (folder: string) => writeFile(join(folder, 'test.json'), '{"a": '), /test\.json': invalid JSON/],
    [
      'an unknown label',
      (folder: string) => writeFile(join(folder, 'test.json'), '{"d.wav": ["dog"]}'),
      /split 'test' of task 'tiny-v1-full', clip 'd\.wav': label 'dog'/,
    ],
    ['an empty split', (folder: string) => writeFile(join(folder, 'test.json'), '{}'), /split 'test'.*no clip/],
    [
      'missing audio',
      (folder: string) => rm(join(folder, '8000', 'train', 'ü.wav')),
      /2 clips of task 'tiny-v1-full'.*1 missing, the first 'ü\.wav'/,
    ],
    [
      'a missing folder of audio',
      (folder: string) => rm(join(folder, '8000', 'train'), { recursive: true }),
      /2 missing/,
    ],
    [
      'no audio',
      (folder: string) => rm(join(folder, '8000'), { recursive: true }),
      /no folder named after a sample rate/,
    ],
    [
      'a split too large to read',
      (folder: string) => truncate(join(folder, 'test.json'), 2 ** 28 + 1),
      /268435457 bytes/,
    ],
  ])('refuses %s', async (_, damage, message) => {
    const folder = await writeTask(join(await temporaryFolder(), 'tiny'));
    await damage(folder);
    const error: unknown = await openTask(folder).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(TaskError);
    expect((error as TaskError).message).toMatch(message);
  });

  it('does not follow a link out of the folder', async () => {
    const folder = await writeTask(join(await temporaryFolder(), 'tiny'));
    const clip = join(folder, '8000', 'train', 'ü.wav');
    const outside = join(await temporaryFolder(), 'outside.wav');
    await writeFile(outside, await readFile(clip));
    await rm(clip);
    await symlink(outside, clip);
    await expect(openTask(folder)).rejects.toThrow(/1 missing.*links do not count/);
  });

  it('names the archives of a folder that has no task', async () => {
    const folder = await temporaryFolder();
    for (const name of ['d.tgz', 'c.tar', 'b.tar.gz', 'a.tar.gz', 'e.zip']) await writeFile(join(folder, name), '');
    const error: unknown = await openTask(folder).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(TaskError);
    expect(error).toMatchObject({
      found: 'no task_metadata.json in it, but 4 archives: "a.tar.gz", "b.tar.gz", "c.tar" and 1 more',
      fix: 'pass the archives that have the tasks',
    });
  });

  it('refuses a path that is not there, and a file of another kind', async () => {
    const folder = await temporaryFolder();
    await expect(openTask(join(folder, 'none'))).rejects.toThrow(/no such file or folder/);
    await writeFile(join(folder, 'task.zip'), 'PK');
    await expect(openTask(join(folder, 'task.zip'))).rejects.toThrow(/a file whose name does not end in \.tar\.gz/);
  });
});

describe('openTask on an archive', () => {
  async function archive(name: string, parts = {}): Promise<{ path: string; cacheFolder: string }> {
    const folder = await temporaryFolder();
    await writeTask(join(folder, 'hear-2021.0.6', 'tasks', 'tiny'), parts);
    const path = join(folder, name);
    await create({ file: path, cwd: folder, gzip: name.endsWith('gz'), portable: true }, ['hear-2021.0.6']);
    return { path, cacheFolder: join(folder, 'cache', 'below') };
  }

  it.each(['tiny.tar.gz', 'tiny ö.tgz', 'tiny.tar'])('unpacks %s once', async (name) => {
    const { path, cacheFolder } = await archive(name);
    const task = await openTask(path, { cacheFolder });
    expect(task.id).toBe('tiny-v1-full');
    const [hash, ...others] = await readdir(cacheFolder);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(others).toEqual([]);
    // A mark in the unpacked folder shows that the second call does not unpack again.
    await writeFile(join(cacheFolder, hash, 'mark'), '');
    expect((await openTask(path, { cacheFolder })).folder).toBe(task.folder);
    expect(await readdir(join(cacheFolder, hash))).toContain('mark');
  });

  it('leaves nothing behind of a truncated archive, compressed or not', async () => {
    const { path, cacheFolder } = await archive('tiny.tar.gz');
    const compressed = await readFile(path);
    const plain = gunzipSync(compressed);
    const cases: [string, Uint8Array][] = [
      ['a.tar.gz', compressed.subarray(0, compressed.length / 2)],
      ['b.tar.gz', compressed.subarray(0, compressed.length - 4)],
      ['c.tar', plain.subarray(0, plain.length / 2 - 100)],
      ['d.tar', new TextEncoder().encode('not a tar archive at all')],
      ['e.tar.gz', new Uint8Array(0)],
    ];
    for (const [name, bytes] of cases) {
      const cut = join(await temporaryFolder(), name);
      await writeFile(cut, bytes);
      const error: unknown = await openTask(cut, { cacheFolder }).catch((cause: unknown) => cause);
      expect(error, name).toBeInstanceOf(TaskError);
      expect((error as TaskError).message, name).toContain(name);
    }
    expect((await readdir(cacheFolder)).filter((entry) => entry.startsWith('.'))).toEqual([]);
  });

  it('refuses more bytes or files than allowed, and leaves nothing behind', async () => {
    const { path, cacheFolder } = await archive('tiny.tar.gz');
    await expect(openTask(path, { cacheFolder, maximumBytes: 10_000 })).rejects.toThrow(/over 10000 bytes unpacked/);
    await expect(openTask(path, { cacheFolder, maximumEntries: 5 })).rejects.toThrow(/over 5 files/);
    expect(await readdir(cacheFolder)).toEqual([]);
    expect((await openTask(path, { cacheFolder })).id).toBe('tiny-v1-full');
  });

  it.each([
    ['a symbolic link', '2', 'tasks/link', /'tasks\/link', a SymbolicLink/],
    ['a hard link', '1', 'tasks/link', /a Link/],
    ['a device', '3', 'tasks/device', /a CharacterDevice/],
    ['a path that climbs', '0', 'tasks/../../evil', /leads outside/],
    ['an absolute path', '0', '/tmp/evil-absolute', /leads outside/],
  ])('refuses %s', async (_, type, name, message) => {
    const folder = await temporaryFolder();
    const path = join(folder, 'hostile.tar');
    await writeFile(path, tarBytes(name, type, '../../outside'));
    const cacheFolder = join(folder, 'cache');
    await expect(openTask(path, { cacheFolder })).rejects.toThrow(message);
    expect(await readdir(cacheFolder)).toEqual([]);
    expect(await readdir(folder)).toEqual(['cache', 'hostile.tar']);
  });

  it('unpacks the same archive twice at a time', async () => {
    const { path, cacheFolder } = await archive('tiny.tar.gz');
    await mkdir(cacheFolder, { recursive: true });
    const tasks = await Promise.all([1, 2, 3].map(() => openTask(path, { cacheFolder })));
    expect(new Set(tasks.map((task) => task.folder)).size).toBe(1);
    expect(await readdir(cacheFolder)).toHaveLength(1);
  });
});

/** A tar archive with one entry, as its header says (POSIX ustar). */
function tarBytes(name: string, type: string, link: string): Uint8Array {
  const header = new Uint8Array(512);
  const put = (offset: number, text: string) => {
    header.set(new TextEncoder().encode(text), offset);
  };
  put(0, name);
  put(100, '0000644\0');
  put(108, '0000000\0');
  put(116, '0000000\0');
  put(124, `${type === '0' ? '00000000004' : '00000000000'}\0`);
  put(136, '00000000000\0');
  put(148, '        ');
  put(156, type);
  if (type === '1' || type === '2') put(157, link);
  put(257, 'ustar\u000000');
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  const body = new Uint8Array(type === '0' ? 512 : 0).fill(65, 0, 4);
  return Uint8Array.from([...header, ...body, ...new Uint8Array(1024)]);
}
