import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  checkOutput,
  copyPlainFile,
  createOutput,
  fileSha256,
  openOutput,
  openPlainFile,
  openPlainFileSync,
  readPlainFile,
  readPlainText,
} from '@hearken/core/node';

const posix = process.platform !== 'win32';

describe.runIf(posix)('files that are read', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const read = (name: string, options: object = {}) => readPlainFile(at(name), { maximumBytes: 100, ...options });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hearken-plain-'));
    writeFileSync(at('file'), 'content');
    writeFileSync(at('large'), 'x'.repeat(101));
    mkdirSync(at('inside'));
    writeFileSync(at('inside/file'), 'inner');
    symlinkSync(at('file'), at('inside/out'));
    symlinkSync('file', at('inside/near'));
    symlinkSync(at('file'), at('link'));
    symlinkSync('/dev/zero', at('zero'));
    symlinkSync(at('nothing'), at('dangling'));
    symlinkSync(at('circle'), at('circle'));
    execFileSync('mkfifo', [at('pipe')]);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('reads a regular file, and follows the link that a user names', async () => {
    expect((await read('file')).toString()).toBe('content');
    expect(await readPlainText(at('link'), { maximumBytes: 7 })).toBe('content');
  });

  it.each([
    ['zero', 'not a regular file (a device)'],
    ['pipe', 'not a regular file (a named pipe)'],
    ['inside', 'not a regular file (a folder)'],
    ['large', '101 bytes, over the limit of 100'],
    ['nothing', 'no such file'],
    ['dangling', 'no such file'],
    ['file/below', 'no such file'],
    ['circle', 'links that lead in a circle'],
    ['nu\0l', 'a name with a NUL character'],
  ])('refuses %s', async (name, found) => {
    await expect(read(name)).rejects.toMatchObject({ code: 'FILE', found });
    if (name === 'large') return;
    await expect(openPlainFile(at(name))).rejects.toMatchObject({ code: 'FILE', found });
    await expect(fileSha256(at(name))).rejects.toMatchObject({ code: 'FILE', found });
    expect(() => openPlainFileSync(at(name))).toThrow(found);
  });

  it.each([
    ['zero', 'device'],
    ['pipe', 'named pipe'],
    ['inside', 'folder'],
  ])('says of %s what it is, for code to compare', async (name, kind) => {
    const refuse = vi.fn(() => new Error('refused'));
    await expect(openPlainFile(at(name), { refuse })).rejects.toThrow('refused');
    expect(refuse).toHaveBeenCalledWith(expect.objectContaining({ reason: 'not-a-file', kind }));
  });

  it('refuses a socket', async () => {
    const server = createServer().listen(at('socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      await expect(read('socket')).rejects.toMatchObject({ found: 'not a regular file (a socket)' });
      await expect(checkOutput(at('socket'))).rejects.toMatchObject({ found: 'a socket of that name' });
    } finally {
      server.close();
    }
  });

  it("lets no link lead out of a stranger's folder", async () => {
    const within = at('inside');
    expect((await read('inside/file', { within })).toString()).toBe('inner');
    expect((await read('inside/near', { within })).toString()).toBe('inner');
    await expect(read('inside/out', { within })).rejects.toMatchObject({
      found: `a link that leads out of '${within}'`,
    });
    expect((await read('inside/out')).toString()).toBe('content');
  });

  it('gives the bytes that a file had when it was opened, though it grows', async () => {
    writeFileSync(at('growing'), 'abc');
    const { handle, size } = await openPlainFile(at('growing'));
    appendFileSync(at('growing'), 'def');
    expect(size).toBe(3);
    await handle.close();
    expect((await readPlainFile(at('growing'), { maximumBytes: 6 })).toString()).toBe('abcdef');
  });

  it("throws the caller's error, and says why", async () => {
    const refuse = (why: { reason: string }) => new RangeError(why.reason);
    await expect(read('pipe', { refuse })).rejects.toThrow(new RangeError('not-a-file'));
    await expect(read('nothing', { refuse })).rejects.toThrow(new RangeError('missing'));
    await expect(read('large', { refuse })).rejects.toThrow(new RangeError('too-large'));
    await expect(read('inside/out', { refuse, within: at('inside') })).rejects.toThrow(new RangeError('outside'));
  });
});

describe.runIf(posix)('files that are written', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hearken-output-'));
    writeFileSync(at('file'), 'content');
    symlinkSync(at('file'), at('link'));
    symlinkSync(at('nothing'), at('dangling'));
    mkdirSync(at('folder'));
    execFileSync('mkfifo', [at('pipe')]);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['link', 'a link of that name'],
    ['dangling', 'a link of that name'],
    ['folder', 'a folder of that name'],
    ['pipe', 'a named pipe of that name'],
  ])('never replace a %s', async (name, found) => {
    await expect(checkOutput(at(name))).rejects.toMatchObject({ code: 'FILE', found });
    await expect(openOutput(at(name))).rejects.toMatchObject({ code: 'FILE', found });
    await expect(copyPlainFile(at('file'), at(name))).rejects.toMatchObject({ code: 'FILE', found });
    await expect(createOutput(at(name))).rejects.toMatchObject({ code: 'EEXIST' });
  });

  it('refuse a device without writing to it', async () => {
    await expect(checkOutput('/dev/null')).rejects.toMatchObject({ found: 'a device of that name' });
    await expect(openOutput('/dev/null')).rejects.toMatchObject({ found: 'a device of that name' });
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('keep what is in a file that is written in place, and make one that is not there only where asked to', async () => {
    const file = await openOutput(at('file'));
    await file.write('C', 0);
    await file.close();
    expect(readFileSync(at('file'), 'utf8')).toBe('Content');
    await expect(openOutput(at('new'), 'existing')).rejects.toMatchObject({ code: 'ENOENT' });
    await (await openOutput(at('new'))).close();
    expect(readFileSync(at('new'), 'utf8')).toBe('');
  });
});
