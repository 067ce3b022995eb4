import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeWav, writeNpy } from '@hearken/signals';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
let folder: string;
let clip: string;

const rate = 32_000;
const fixtures = (plugin: string, name: string) =>
  fileURLToPath(new URL(`../../../plugins-${plugin}/tests/fixtures/${name}`, import.meta.url));
const tagger = ['--model', 'efficientat:mn01_as', '--checkpoint', fixtures('efficientat', 'mn01_as.pt')];
const lungs = ['--model', 'patchmix', '--checkpoint', fixtures('patchmix', 'best.pth')];

/** Noise whose loudness rises. */
const noise = (seconds: number) =>
  Float32Array.from(
    { length: seconds * rate },
    (_, index) => (0.2 + index / (10 * rate * seconds)) * Math.sin(index * index),
  );

interface Line {
  file: string;
  signal?: number;
  onset: number;
  offset: number;
  labels: { label: string; probability: number }[];
}

const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

beforeEach(async () => {
  folder = await temporaryFolder();
  clip = join(folder, 'clip.wav');
  await writeFile(clip, encodeWav(noise(2), rate));
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('hearken predict', () => {
  it('prints the best labels of a file with their probabilities, as a table and as JSON', async () => {
    const table = await hearken('predict', ...tagger, '--top', '3', clip);
    expect(table).toMatchObject({ status: 0, err: '' });
    expect(table.out).toMatch(/│ label +│ probability │/);
    expect(table.out.match(/│ +0\.\d{3} │/g)).toHaveLength(3);
    const json = await hearken('predict', ...tagger, '--top', '3', '--json', clip);
    const [{ file, onset, offset, labels }] = lines(json.out);
    expect({ file, onset, offset }).toEqual({ file: clip, onset: 0, offset: 2 });
    expect(labels.map(({ probability }) => probability)).toEqual(
      labels.map(({ probability }) => probability).toSorted((left, right) => right - left),
    );
    for (const { label } of labels) expect(table.out).toContain(label);
  });

  it('names the files if there are several, and the signals of an array', async () => {
    const array = join(folder, 'two.npy');
    await writeFile(array, writeNpy(Float32Array.from([...noise(1), ...noise(1)]), [2, rate]));
    const table = await hearken('predict', ...tagger, '--sample-rate', String(rate), '--top', '1', clip, array);
    for (const name of [clip, `${array} [0]`, `${array} [1]`]) expect(table.out).toContain(name);
    const json = await hearken('predict', ...tagger, '--sample-rate', String(rate), '--json', clip, array);
    expect(lines(json.out).map(({ signal }) => signal)).toEqual([undefined, 0, 1]);
  });

  it('gives the probabilities of one label out of several for a multiclass head, and of each if told so', async () => {
    const breath = join(folder, 'breath.npy');
    await writeFile(breath, writeNpy(noise(1), [rate]));
    const options = [...lungs, '--sample-rate', '16000', '--json', breath];
    const sum = async (...more: string[]) =>
      lines((await hearken('predict', ...options, ...more)).out)[0].labels.reduce(
        (all, { probability }) => all + probability,
        0,
      );
    expect(await sum()).toBeCloseTo(1, 4);
    expect(Math.abs((await sum('--kind', 'multilabel')) - 1)).toBeGreaterThan(0.01);
  });

  it('answers over time in windows, of which the last ends with the file', async () => {
    const long = join(folder, 'long.wav');
    await writeFile(long, encodeWav(noise(5), rate));
    const { out } = await hearken('predict', ...tagger, '--window', '2', '--json', '--top', '1', long);
    expect(lines(out).map(({ onset, offset }) => [onset, offset])).toEqual([
      [0, 2],
      [2, 4],
      [3, 5],
    ]);
    const table = await hearken('predict', ...tagger, '--window', '2', '--hop', '1', '--top', '1', long);
    expect(table.out).toMatch(/│ onset │ offset │ label/);
    expect(table.out).toMatch(/│ +1\.00 │ +3\.00 │/);
  });

  it('answers recordings over 30 s over time unless told not to, the same whether read in pieces or whole', async () => {
    const wav = join(folder, 'long.wav');
    const npy = join(folder, 'long.npy');
    const data = noise(85).map((value) => Math.round(value * 32_768) / 32_768);
    await writeFile(wav, encodeWav(data, rate));
    await writeFile(npy, writeNpy(data, [data.length]));
    const options = [...tagger, '--sample-rate', String(rate), '--json', '--top', '1'];
    const [inPieces, whole] = [
      lines((await hearken('predict', ...options, wav)).out),
      lines((await hearken('predict', ...options, npy)).out),
    ];
    expect(inPieces).toHaveLength(9);
    expect(inPieces.at(-1)).toMatchObject({ onset: 75, offset: 85 });
    expect(inPieces.map(({ labels }) => labels[0].label)).toEqual(whole.map(({ labels }) => labels[0].label));
    const once = await hearken('predict', ...options, '--window', '0', npy);
    expect(lines(once.out)).toMatchObject([{ onset: 0, offset: 85 }]);
  });

  it('takes names from a file, of which there must be as many as labels', async () => {
    const names = join(folder, 'names.txt');
    await writeFile(names, 'none\ncrackles\nwheezes\ncrackles and wheezes\n');
    const { out } = await hearken('predict', ...lungs, '--labels', names, '--json', clip);
    expect(
      lines(out)[0]
        .labels.map(({ label }) => label)
        .toSorted(),
    ).toEqual(['crackles', 'crackles and wheezes', 'none', 'wheezes']);
    const refused = await hearken('predict', ...tagger, '--labels', names, clip);
    expect(refused).toMatchObject({ status: 2, out: '' });
    expect(refused.err).toMatch(/names\.txt.*\n +found: +4 names for 527 labels\n +to do: +list 527 names/);
  });

  it.each([
    [
      'a model without a classifier',
      ['--model', 'baseline:mel', 'clip.wav'],
      /a model without a classifier of its own/,
    ],
    ['standard input among files', [...tagger, '-', 'clip.wav'], /standard input among 2 files/],
    ['options of standard input for files', [...tagger, '--format', 's16le', 'clip.wav'], /--format/],
    ['a hop over the window', [...tagger, '--window', '1', '--hop', '2', 'clip.wav'], /--hop 2/],
    ['windows of no length of a stream', [...tagger, '--window', '0', '-'], /which has no length/],
    ['a stream without a rate', [...tagger, '-'], /no sample rate/],
    ['windows too short for the model', [...tagger, '--window', '0.001', 'clip.wav'], /514 samples or more/],
  ])('refuses %s', async (_, args, message) => {
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([]) as unknown as typeof process.stdin);
    const found = await hearken('predict', ...args.map((arg) => (arg === 'clip.wav' ? clip : arg)));
    expect(found).toMatchObject({ status: 2, out: '' });
    expect(found.err).toMatch(message);
    expect(found.err).toMatch(/\n +found: .*\n +to do: /);
  });

  it('answers standard input window by window, at its own rate', async () => {
    const data = noise(5);
    const bytes = new Uint8Array(data.buffer);
    const pipe = () =>
      vi.spyOn(process, 'stdin', 'get').mockReturnValue(
        Readable.from([bytes.slice(0, 4001), bytes.slice(4001)], {
          objectMode: false,
        }) as unknown as typeof process.stdin,
      );
    pipe();
    const options = [...tagger, '-', '--format', 'f32le', '--window', '2', '--top', '1'];
    const live = await hearken('predict', ...options, '--sample-rate', String(rate));
    expect(live.out.trim().split('\n')).toHaveLength(3);
    expect(live.out).toMatch(/^0\.00 to 2\.00 s: .+ 0\.\d{3}\n2\.00 to 4\.00 s: /);
    pipe();
    const slow = await hearken('predict', ...options, '--sample-rate', String(rate / 2), '--json');
    expect(lines(slow.out).map(({ file, onset, offset }) => [file, onset, offset])).toEqual([
      ['-', 0, 2],
      ['-', 2, 4],
      ['-', 4, 6],
      ['-', 6, 8],
      ['-', 8, 10],
    ]);
  });
});
