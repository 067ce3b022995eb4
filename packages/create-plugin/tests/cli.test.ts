import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { main } from '../src/cli.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'create-hearken-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the command; `answers` are typed in, one a question. */
async function run(args: string[], answers?: string[]) {
  const text = { out: '', err: '' };
  const stdin = Object.assign(new PassThrough(), { isTTY: answers !== undefined });
  const remaining = [...(answers ?? [])];
  const stream = (name: 'out' | 'err') =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        text[name] += chunk.toString();
        if (name === 'out' && chunk.toString().trimEnd().endsWith(':') && remaining.length > 0) {
          stdin.write(`${remaining.shift()}\n`);
        }
        done();
      },
    });
  const status = await main(args, { stdin, stdout: stream('out'), stderr: stream('err') });
  return { status, ...text };
}

it('asks what no flag says', async () => {
  const target = join(folder, 'asked');
  const { status, out } = await run(['--folder', target], ['@lab/hearken-plugin-heart', 'ecg', 'bogus', 'none', '400']);
  expect(status).toBe(0);
  expect(out).toMatch(/Name of the plugin.*Signal: audio, ecg.*Weights.*Sample rate in Hz \(500\)/s);
  const manifest = JSON.parse(await readFile(join(target, 'package.json'), 'utf8')) as { name: string };
  expect(manifest.name).toBe('@lab/hearken-plugin-heart');
  expect(await readFile(join(target, 'src/index.ts'), 'utf8')).toMatch(/const sampleRate = 400;\nconst channels = 12;/);
});

it('asks nothing where there is nobody to answer', async () => {
  const target = join(folder, 'quiet');
  const { status, out } = await run(['my-model', '--folder', target, '--weights', 'onnx']);
  expect(status).toBe(0);
  expect(out).toMatch(/hearken-plugin-my-model: \d+ files.*npm install.*npm test/s);
  expect((await readdir(target)).sort()).toContain('.gitignore');
});

it('never overwrites', async () => {
  const target = join(folder, 'full');
  await mkdir(target);
  await writeFile(join(target, 'notes.txt'), 'mine');
  const { status, err } = await run(['my-model', '--folder', target, '--yes']);
  expect(status).toBe(2);
  expect(err).toMatch(/1 files there already, such as notes.txt/);
  expect(await readdir(target)).toEqual(['notes.txt']);
});

it('takes flags after a `--` that npm left, and shows its help', async () => {
  for (const args of [['--help'], ['--', '--help'], ['my-model', '--', '--help']]) {
    const { status, out } = await run(args, []);
    expect([status, out]).toEqual([0, expect.stringMatching(/^Usage: create-hearken-plugin \[options\] \[name\]/)]);
  }
  const target = join(folder, 'separated');
  expect((await run(['my-model', '--', '--folder', target, '--yes'])).status).toBe(0);
  expect(await readdir(target)).toContain('package.json');
});

it.each([
  [['Bad Name'], /not lower-case letters/],
  [[], /a plugin called ''/],
  [['x', '--signal', 'smell'], /Allowed choices are audio, ecg/],
  [['x', '--sample-rate', '-1'], /Not a whole number of Hz/],
])('refuses %o', async (args, message) => {
  const { status, err } = await run([...args, '--folder', join(folder, 'refused'), '--yes']);
  expect(status).toBe(2);
  expect(err).toMatch(message);
  await expect(readdir(join(folder, 'refused'))).rejects.toThrow();
});
