import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { processName } from '@hearken/core/node';
import { beforeEach, describe, expect, it } from 'vitest';
import { downloadFile, type DownloadOptions } from '../../src/download/download-file.node.js';
import { type FileServer, fileServers, serveBytes } from '../../../../tests/support/file-server.js';
import { Milestone } from '../../../../tests/support/milestone.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { timeLimit } from '../../../../tests/support/time-limit.js';

const temporaryFolder = temporaryFolders();
const serve = fileServers();
const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7919) >> 3);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const quick: DownloadOptions = { retryDelay: 1, attempts: 3, stallTimeout: timeLimit };
const [host] = processName().split('-');
const deadProcess = `${host}-${spawnSync(process.execPath, ['--version']).pid}`;
const livingProcess = `${host}-${process.ppid}`;
const elsewhere = '00000000-1';

let folder: string;
let path: string;
let server: FileServer;
let url: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, 'task.tar.gz');
  server = await serve((request, response) => serveBytes(request, response, bytes));
  url = `${server.origin}/a`;
});

/** A part as a process leaves it. */
async function leave(writer: string, size: number, state: object = {}): Promise<string[]> {
  const part = `task.tar.gz.${writer === '' ? '' : `${writer}-0123abcd.`}part`;
  await writeFile(join(folder, part), bytes.subarray(0, size));
  await writeFile(
    join(folder, `${part}.json`),
    JSON.stringify({ url, validator: '"v1"', total: bytes.length, ...state }),
  );
  return [part, `${part}.json`];
}

async function download(kept: readonly string[] = []) {
  const { resumedAt } = await downloadFile(url, path, quick);
  expect((await readdir(folder)).sort()).toEqual(['task.tar.gz', ...kept].sort());
  expect(Buffer.compare(await readFile(path), bytes)).toBe(0);
  return resumedAt;
}

describe('a download', () => {
  it('goes on with the largest part of a process that is gone, and removes the others', async () => {
    await leave(deadProcess, 1000);
    await leave('', 3000);
    await leave(`${host}-${process.pid}`, 2000);
    await leave(elsewhere, 150_000, { url: 'http://127.0.0.1:1/elsewhere' });
    await utimes(join(folder, `task.tar.gz.${elsewhere}-0123abcd.part`), 0, 0);
    expect(await download()).toBe(3000);
    expect(server.requests).toMatchObject([{ range: 'bytes=3000-', ifRange: '"v1"' }]);
  });

  it('leaves the parts of living processes alone, and those of other hosts for a day', async () => {
    const kept = [...(await leave(livingProcess, 1000)), ...(await leave(elsewhere, 2000))];
    await utimes(join(folder, kept[0]), 0, 0);
    expect(await download(kept)).toBe(0);
    expect(server.requests).toMatchObject([{ range: undefined }]);
  });

  it('goes on with a part of another host that is a day old', async () => {
    const [part] = await leave(elsewhere, 2000);
    await utimes(join(folder, part), 0, 0);
    expect(await download()).toBe(2000);
  });

  it('adopts no part whose record is lost or damaged, and no link', async () => {
    await leave(deadProcess, 1000, { total: -1 });
    await writeFile(join(folder, `task.tar.gz.${deadProcess}-11111111.part`), 'no record');
    await writeFile(join(folder, `task.tar.gz.${deadProcess}-22222222.part.json`), 'no part');
    await writeFile(join(folder, 'linked'), bytes);
    await leave('', 0);
    const link = `task.tar.gz.${deadProcess}-33333333.part`;
    await symlink(join(folder, 'linked'), join(folder, link));
    const kept = ['linked', link, 'task.tar.gz.part.html', 'other.part'];
    for (const name of kept.slice(2)) await writeFile(join(folder, name), 'of something else');
    expect(await download(kept)).toBe(0);
    expect(Buffer.compare(await readFile(join(folder, 'linked')), bytes)).toBe(0);
  });

  it('removes what others left before it begins anew, which needs the space', async () => {
    await leave(deadProcess, 1000);
    await leave('', 3000);
    server = await serve((request, response) => serveBytes(request, response, bytes, { etag: '"v2"' }));
    let present: string[] | undefined;
    const onProgress = () => {
      present ??= readdirSync(folder);
    };
    await downloadFile(`${server.origin}/a`, path, { ...quick, onProgress });
    expect(present).toHaveLength(2);
    expect(await readdir(folder)).toEqual(['task.tar.gz']);
  });
});

describe('two downloads of the same file', () => {
  it('both end, and leave nothing but the file', async () => {
    const [both, first] = [new Milestone(), new Milestone()];
    const { origin } = await serve((request, response, index) => {
      if (index === 1) both.reach();
      // Both are under way before either gets a byte, and the second ends after the first.
      void (index === 0 ? both : first).reached.then(() => serveBytes(request, response, bytes));
    });
    await leave('', 1000, { url: `${origin}/a` });
    const downloads = [0, 1].map(() => downloadFile(`${origin}/a`, path, quick));
    const one = await Promise.race(downloads);
    expect(one).toMatchObject({ sha256 });
    expect(await readFile(path)).toHaveLength(bytes.length);
    first.reach();
    const ended = await Promise.all(downloads);
    // One of them adopted what was left.
    expect(ended.map(({ resumedAt }) => resumedAt).sort()).toEqual([0, 1000]);
    expect(await readdir(folder)).toEqual(['task.tar.gz']);
    expect(Buffer.compare(await readFile(path), bytes)).toBe(0);
  });
});
