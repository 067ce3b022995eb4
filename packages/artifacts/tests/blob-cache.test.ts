import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError, OptionError } from '@hearken/core';
import { bytesSha256, processName } from '@hearken/core/node';
import { describe, expect, it } from 'vitest';
import { BlobCache } from '../src/blobs/blob-cache.node.js';
import type { Artifacts } from '../src/store/artifacts.js';
import { FileArtifacts } from '../src/store/file-artifacts.node.js';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();

/** A store elsewhere, whose copies are in a folder and which counts how often it is asked. */
class Elsewhere implements Artifacts {
  fetches = 0;
  /** Called before each answer. */
  before: () => Promise<unknown> = () => Promise.resolve();
  readonly #files: FileArtifacts;

  constructor(folder: string) {
    this.#files = new FileArtifacts(folder);
  }

  async fetch(key: string): Promise<string | undefined> {
    this.fetches += 1;
    await this.before();
    return this.#files.fetch(key);
  }

  has = (key: string) => this.#files.has(key);
  write = (key: string, content: Uint8Array) => this.#files.write(key, content);
  list = (folder: string) => this.#files.list(folder);
  remove = (key: string) => this.#files.remove(key);
  removeAll = (folder: string) => this.#files.removeAll(folder);
  localPath = (key: string) => this.#files.localPath(key);
}

const content = (value: number) => new Uint8Array(10).fill(value);
const sha256Of = (value: number) => bytesSha256(content(value));

/** A store with blobs `blob/1` to `blob/5`, and a folder to keep them in. */
async function made() {
  const folder = await temporaryFolder();
  const artifacts = new Elsewhere(join(folder, 'elsewhere'));
  for (const value of [1, 2, 3, 4, 5]) await artifacts.write(`blob/${value}`, content(value));
  const source = (value: number) => ({ artifacts, key: `blob/${value}` });
  return { folder, artifacts, source, blobs: join(folder, 'blobs') };
}
const shown = async (folder: string) => (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();

/** The number of a process that has ended. */
const dead = () => processName().replace(/\d+$/, String(spawnSync(process.execPath, ['--version']).pid));

describe('BlobCache', () => {
  it('fetches a blob once for all that share the folder, one after the other or at the same time', async () => {
    const { artifacts, source, blobs } = await made();
    let waits = 0;
    let go: () => void = () => undefined;
    const isWaiting = new Promise<void>((resolve) => (go = resolve));
    const wait = () => {
      waits += 1;
      go();
      return new Promise((resolve) => setImmediate(resolve));
    };
    // The first one is held until the other one waits.
    artifacts.before = () => isWaiting;
    const paths = await Promise.all([
      new BlobCache(blobs, { wait }).blob(sha256Of(1), source(1)),
      new BlobCache(blobs, { wait }).blob(sha256Of(1), source(1)),
    ]);
    expect(paths).toEqual([join(blobs, sha256Of(1)), join(blobs, sha256Of(1))]);
    expect([artifacts.fetches, waits > 0]).toEqual([1, true]);
    const cache = new BlobCache(blobs);
    await Promise.all([cache.blob(sha256Of(1), source(1)), cache.blob(sha256Of(1), source(1))]);
    expect(artifacts.fetches).toBe(1);
    expect([...(await readFile(paths[0]))]).toEqual([...content(1)]);
    expect(await shown(blobs)).toEqual([sha256Of(1)]);
  });

  it('uses a file on this machine in place', async () => {
    const { folder, blobs } = await made();
    const cache = new BlobCache(blobs);
    const path = join(folder, 'checkpoint.pt');
    await writeFile(path, content(1));
    expect(await cache.blob(sha256Of(1), path)).toBe(path);
    const files = new FileArtifacts(join(folder, 'files'));
    await files.write('a', content(2));
    expect(await cache.blob(sha256Of(2), { artifacts: files, key: 'a' })).toBe(files.localPath('a'));
    await expect(readdir(blobs)).rejects.toThrow(/ENOENT/);
    // A file that changes is compared again.
    await writeFile(path, content(3));
    await utimes(path, 1, 1);
    await expect(cache.blob(sha256Of(1), path)).rejects.toThrow(FileError);
    expect(await cache.blob(sha256Of(3), path)).toBe(path);
  });

  it('uses what it has if the file is not here', async () => {
    const { folder, artifacts, source, blobs } = await made();
    const cache = new BlobCache(blobs);
    const path = await cache.blob(sha256Of(1), source(1));
    expect(await cache.blob(sha256Of(1), join(folder, 'missing.pt'))).toBe(path);
    await artifacts.remove('blob/1');
    expect([...(await readFile(await new BlobCache(blobs).blob(sha256Of(1), source(1))))]).toEqual([...content(1)]);
  });

  it('refuses other content, and what is missing', async () => {
    const { folder, source, blobs } = await made();
    const cache = new BlobCache(blobs);
    const path = join(folder, 'checkpoint.pt');
    await writeFile(path, content(2));
    const at = (from: Parameters<BlobCache['blob']>[1]) => cache.blob(sha256Of(1), from).catch(String);
    expect(await at(path)).toMatch(
      /file '.*checkpoint\.pt': a SHA-256 other than [0-9a-f]{64}; check that it is the right/,
    );
    expect(await at(source(2))).toMatch(/the artifact 'blob\/2': a SHA-256 other than/);
    expect(await at(source(6))).toMatch(/the artifact 'blob\/6': no such artifact; store it first/);
    expect(await at(join(folder, 'missing'))).toMatch(/FileError: file '.*missing'/);
    await expect(cache.blob('../x', path)).rejects.toThrow(OptionError);
    // A refusal leaves nothing, and the right source is taken afterwards.
    expect(await readdir(blobs)).toEqual([]);
    expect(await at(source(1))).toBe(join(blobs, sha256Of(1)));
  });

  it('fetches a damaged blob again', async () => {
    const { artifacts, source, blobs } = await made();
    await mkdir(blobs, { recursive: true });
    await writeFile(join(blobs, sha256Of(1)), content(9));
    const path = await new BlobCache(blobs).blob(sha256Of(1), source(1));
    expect([...(await readFile(path))]).toEqual([...content(1)]);
    expect(artifacts.fetches).toBe(1);
  });

  it('goes on where a process that was fetching has ended', async () => {
    const { source, blobs } = await made();
    await mkdir(blobs, { recursive: true });
    const claim = join(blobs, `.${sha256Of(1)}.fetch`);
    await writeFile(claim, dead());
    await new BlobCache(blobs, { wait: () => Promise.resolve() }).blob(sha256Of(1), source(1));
    expect(await readdir(blobs)).not.toContain(`.${sha256Of(1)}.fetch`);
    // Of another host only the time is known.
    await writeFile(join(blobs, `.${sha256Of(2)}.fetch`), '00000000-1');
    let now = Date.now();
    let waits = 0;
    const wait = () => {
      waits += 1;
      now += 50_000;
      return Promise.resolve();
    };
    await new BlobCache(blobs, { now: () => now, wait }).blob(sha256Of(2), source(2));
    expect(waits).toBeGreaterThanOrEqual(3);
  });

  it('removes what was not used for longest, but nothing in use', async () => {
    const { source, blobs } = await made();
    const first = new BlobCache(blobs, { maximumBytes: 25 });
    const age = (value: number, seconds: number) => utimes(join(blobs, sha256Of(value)), seconds, seconds);
    const mark = (value: number, writer: string) => join(blobs, `.${sha256Of(value)}.${writer}.use`);
    for (const value of [1, 2, 3]) await first.blob(sha256Of(value), source(value));
    // All three are in use, whatever the limit.
    expect(await shown(blobs)).toEqual([1, 2, 3].map(sha256Of).sort());
    for (const value of [1, 2, 3]) await age(value, value);
    await first.release(sha256Of(2));
    await first.release(sha256Of(3));
    await first.blob(sha256Of(4), source(4));
    expect(await shown(blobs)).toEqual([1, 4].map(sha256Of).sort());
    // Marks of a process that has ended and of one on another host that was not heard of for days do not count.
    await first.release(sha256Of(1));
    await first.release(sha256Of(4));
    await writeFile(mark(1, dead()), '');
    await writeFile(mark(4, '00000000-1'), '');
    await utimes(mark(4, '00000000-1'), 1, 1);
    await first.blob(sha256Of(5), source(5));
    expect(await shown(blobs)).toEqual([sha256Of(4), sha256Of(5)].sort());
    await first.blob(sha256Of(1), source(1));
    expect(await shown(blobs)).toEqual([sha256Of(1), sha256Of(5)].sort());
    expect((await readdir(blobs)).filter((name) => name.endsWith('.use'))).toHaveLength(2);
  });

  it('copies from another file system', async () => {
    const { artifacts, source, blobs } = await made();
    // What cannot be linked: here a name that exists as another file for a moment.
    await mkdir(blobs, { recursive: true });
    artifacts.before = async () => writeFile(join(blobs, sha256Of(1)), content(8));
    const path = await new BlobCache(blobs).blob(sha256Of(1), source(1));
    expect([...(await readFile(path))]).toEqual([...content(1)]);
    expect((await stat(path)).ino).not.toBe((await stat(artifacts.localPath('blob/1'))).ino);
    await rm(path);
  });
});
