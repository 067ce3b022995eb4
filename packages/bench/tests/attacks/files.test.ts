import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeWav } from '@hearken/signals';
import { csvText } from '@hearken/results/internal';
import { html } from '@hearken/report/internal';
import { unpackArchive } from '@hearken/tasks/internal/node';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { tone, writeToneTask } from '../../../../tests/support/tone-task.js';

const temporaryFolder = temporaryFolders();
let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

/** A tar archive of files of five bytes, their names in GNU's long form, which takes any byte. */
function tarOf(names: readonly string[]): Uint8Array {
  const blocks: Buffer[] = [];
  const pad = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
  const header = (name: string, size: number, type: string) => {
    const block = Buffer.alloc(512);
    block.write(name.slice(0, 99), 0, 'latin1');
    block.write('0000644\0', 100);
    block.write('0000000\0', 108);
    block.write('0000000\0', 116);
    block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
    block.write('00000000000\0', 136);
    block.write('        ', 148);
    block.write(type, 156);
    block.write('ustar  \0', 257);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return block;
  };
  for (const name of names) {
    const bytes = Buffer.from(name);
    blocks.push(
      header('././@LongLink', bytes.length, 'L'),
      pad(bytes),
      header('x/a', 5, '0'),
      pad(Buffer.from('hello')),
    );
  }
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

describe('archives', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['NUL in a name', ['x/a\0b\nc\0d.json'], /control characters/],
    ['a line feed in a name', ['x/a\nb.json'], /control characters/],
    ['an escape sequence in a name', ['x/\u001b[31ma'], /control characters/],
    ['a file twice', ['x/a', 'x/b', './x/a'], /'\.\/x\/a' twice in it/],
    ['a path that leads outside', ['x/../../a'], /leads outside/],
    ['an absolute path', ['/x/a'], /leads outside/],
    ['a drive', ['c:/a'], /leads outside/],
  ])('with %s are a TaskError, and leave nothing', async (_what, names, message) => {
    const archive = join(folder, 'task.tar.gz');
    await writeFile(archive, tarOf(names));
    const { status, err } = await hearken('tasks', 'list', archive, '--cache', join(folder, 'cache'));
    expect(status).toBe(2);
    expect(err).toMatch(message);
    // eslint-disable-next-line no-control-regex
    expect(err).not.toMatch(/TypeError|\n +at |\u001b\[31m|\0/);
    expect(await readdir(join(folder, 'cache', 'tasks'))).toEqual([]);
  });

  it('that unpack to far more than their size are refused', async () => {
    const archive = join(folder, 'bomb.tar');
    await writeFile(archive, tarOf(['a', 'b']));
    await expect(unpackArchive(archive, join(folder, 'cache'), { maximumBytes: 9 })).rejects.toThrow(/over 9 bytes/);
    expect(await readdir(join(folder, 'cache'))).toEqual([]);
    expect((await readdir(await unpackArchive(archive, join(folder, 'cache')))).sort()).toEqual(['a', 'b']);
  });
});

describe('task folders', () => {
  const list = () => hearken('tasks', 'list', join(folder, 'task'));

  it.each<[string, unknown, RegExp]>([
    ['a start that is an object', [{ label: 'low', start: { toString: 1 }, end: 5 }], /from \{"toString":1\} to 5/],
    ['an end that is a list', [{ label: 'low', start: 1, end: [] }], /from 1 to \[\]/],
    ['a label that is an object', [{ label: { toString: 1 }, start: 0, end: 5 }], /label \{"toString":1\}/],
    ['a label that is null', [{ label: null, start: 0, end: 5 }], /label null/],
    ['an event that is a text', ['low'], /an event that is not an object/],
    ['events that are an object', { toString: 1 }, /not a list/],
  ])('with %s are a TaskError', async (_what, events, message) => {
    await writeToneTask(join(folder, 'task'), { event: true, clips: 2 });
    await writeFile(join(folder, 'task', 'test.json'), JSON.stringify({ '0.wav': events, '1.wav': [] }));
    const { status, err } = await list();
    expect(status).toBe(2);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/TypeError|\n +at /);
  });

  it.each([
    ['very deep JSON', `{"a.wav":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, /nested over 64 deep/],
    ['control characters in the name of a clip', JSON.stringify({ 'a\u001b[2J.wav': ['low'] }), /control characters/],
    ['C1 controls in the name of a clip', JSON.stringify({ 'a\u009b2J.wav': ['low'] }), /control characters/],
  ])('with %s are a TaskError', async (_what, text, message) => {
    await writeToneTask(join(folder, 'task'), { clips: 2 });
    await writeFile(join(folder, 'task', 'test.json'), text);
    const { status, err } = await list();
    expect(status).toBe(2);
    expect(err).toMatch(message);
    // eslint-disable-next-line no-control-regex
    expect(err).not.toMatch(/[\u001b\u009b]\[?2J|RangeError/);
  });

  it.runIf(process.platform !== 'win32')('with links out of them are refused', async () => {
    await writeToneTask(join(folder, 'task'), { clips: 2 });
    await writeFile(join(folder, 'secret'), 'secret');
    await symlink(join(folder, 'secret'), join(folder, 'task', 'labelvocabulary.csv.new'));
    execFileSync('mv', [join(folder, 'task', 'labelvocabulary.csv.new'), join(folder, 'task', 'labelvocabulary.csv')]);
    const { err } = await list();
    expect(err).toMatch(/a link that leads out of/);
    expect(err).not.toMatch(/secret;|columns secret/);
  });
});

describe.runIf(process.platform !== 'win32')('paths of a command', () => {
  it.each(['x.npy', 'x.wav', 'x.csv', 'x.hea'])('named pipes and devices named %s are no files', async (name) => {
    const path = join(folder, name);
    const model = /csv|hea/.test(name) ? 'baseline:ecg' : 'baseline';
    const embed = () =>
      hearken('embed', path, '--model', model, '--sample-rate', '16000', '--out', join(folder, 'o.npy'));
    await symlink('/dev/zero', path);
    expect((await embed()).err).toMatch(/not a regular file/);
    execFileSync('rm', [path]);
    execFileSync('mkfifo', [path]);
    const { status, err } = await embed();
    expect(status).toBe(2);
    expect(err).toMatch(/not a regular file/);
  });

  it('an output replaces no pipe, link or folder', async () => {
    const input = join(folder, 'x.wav');
    await writeFile(input, encodeWav(tone(0.3, 0, 16_000), 16_000));
    const out = join(folder, 'out');
    const embed = () => hearken('embed', input, '--model', 'baseline', '--out', out);
    execFileSync('mkfifo', [out]);
    expect(await embed()).toMatchObject({
      status: 2,
      err: expect.stringMatching(/a named pipe of that name/) as string,
    });
    expect((await stat(out)).isFIFO()).toBe(true);
    execFileSync('rm', [out]);
    await writeFile(join(folder, 'kept'), 'kept');
    await symlink(join(folder, 'kept'), out);
    expect((await embed()).err).toMatch(/a link of that name/);
    expect(await readFile(out, 'utf8')).toBe('kept');
    execFileSync('rm', [out]);
    await mkdir(out);
    expect((await embed()).err).toMatch(/a folder of that name/);
    execFileSync('rmdir', [out]);
    expect((await embed()).status).toBe(0);
    expect((await readdir(folder)).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  it('an output replaces no device', async () => {
    const input = join(folder, 'x.wav');
    await writeFile(input, encodeWav(tone(0.3, 0, 16_000), 16_000));
    // The real device: what must not be replaced is only ever looked at.
    const { status, err } = await hearken('report', folder, '--out', '/dev/null');
    expect(status).toBe(2);
    expect(err).not.toMatch(/TypeError/);
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
  });
});

describe('texts of strangers in reports', () => {
  it('have no control characters in HTML and CSV, and no formulas in CSV', () => {
    expect(html`<p>${'a\u001b[31m\u0000\u009b<b>\ud800'}</p>`.text).toBe(
      '<p>a\ufffd[31m\ufffd\ufffd&lt;b&gt;\ufffd</p>',
    );
    const text = csvText({ columns: ['a'], rows: [['=1+1'], ['@x'], ['x\u001b[2J'], ['-1'], [-1]] });
    expect(text).toBe("a\n'=1+1\n'@x\nx\ufffd[2J\n'-1\n-1\n");
  });
});
