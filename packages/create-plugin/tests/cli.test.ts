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

it('asks again with the reason for an answer that will not do', async () => {
  const answers = ['Bad Name', 'baseline', 'lab-model', 'audio', 'bogus', 'none', '7', '250'];
  const { status, out } = await run(['--folder', join(folder, 'again')], answers);
  expect(status).toBe(0);
  expect(out).toMatch(/a plugin called 'Bad Name': not lower-case letters.*; choose a name such as 'my-model'\n/);
  expect(out).toContain("'baseline': a name that is reserved by Hearken; choose another, such as 'my-baseline'");
  expect(out).toContain("Weights 'bogus': not one of the choices; choose safetensors, pytorch, onnx, none");
  expect(out).toContain('sample rate 7: not a whole number from 50 to 400000');
  expect(await readFile(join(folder, 'again/src/index.ts'), 'utf8')).toContain('const sampleRate = 250;');
});

it('refuses a flag that will not do before it asks', async () => {
  const { status, out, err } = await run(['my-model', '--scope', 'lab', '--folder', join(folder, 'no')], []);
  expect([status, out]).toEqual([2, '']);
  expect(err).toMatch(/scope 'lab'\n {2}found: {2}not an npm scope\n {2}to do: {2}write it as '@lab'/);
});

it('refuses where nobody can answer, and names what would have', async () => {
  const target = join(folder, 'piped');
  const { status, out, err } = await run(['my-model', '--folder', target, '--weights', 'onnx']);
  expect([status, out]).toEqual([2, '']);
  expect(err).toMatch(/an answer for --signal \(default audio\), --input \(.*\), --sample-rate \(default 16000\)/);
  expect(err).toMatch(/not a terminal.*\n {2}to do: {2}pass them, or --yes for the defaults/);
  expect((await run(['--folder', target, '--weights', 'none'])).err).toMatch(
    /an answer for the name\n.*not a terminal/,
  );
  await expect(readdir(target)).rejects.toThrow();
  const all = ['my-model', '--folder', target, '--weights', 'none', '--signal', 'ecg', '--sample-rate', '500'];
  expect((await run(all)).status).toBe(0);
});

it.each(['\u0003', undefined])('stops without a stack when whoever is asked leaves (%j)', async (key) => {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  let err = '';
  const stdout = Object.assign(new PassThrough().resume(), { isTTY: true, columns: 80 });
  const stderr = new Writable({
    write(chunk: Buffer, _encoding, done) {
      err += chunk.toString();
      done();
    },
  });
  // Once it has asked.
  stdout.once('data', () => setImmediate(() => (key === undefined ? stdin.end() : stdin.write(key))));
  expect(await main(['--folder', join(folder, 'left')], { stdin, stdout, stderr })).toBe(130);
  expect(err).toBe('\nStopped: nothing was written.\n');
  await expect(readdir(join(folder, 'left'))).rejects.toThrow();
});

it('asks nothing with --yes', async () => {
  const target = join(folder, 'quiet');
  const { status, out } = await run(['my-model', '--folder', target, '--weights', 'onnx', '--yes']);
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
  expect(err).toMatch(/1 entry in it already, such as notes.txt/);
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
