import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeWav, readNpy, writeNpy } from '@hearken/signals';
import { NpyAppender } from '../../src/cli/embed-outputs.node.js';
import { main } from '../../src/cli/main.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
let folder: string;
let timestamps: string;
let embeddings: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  timestamps = join(folder, 'timestamps.npy');
  embeddings = join(folder, 'embeddings.npy');
});
afterEach(() => {
  vi.restoreAllMocks();
});

const rate = 16_000;
const model = ['--model', 'baseline:mel', '--threads', '1'];
const raw = ['-', ...model, '--sample-rate', String(rate)];

/** A chirp of 1.3 s whose samples are whole steps of 16 bits. */
const chirp = Float32Array.from(
  { length: 1.3 * rate },
  (_, index) => Math.round(20_000 * Math.sin(index * index * 1e-5)) / 32_768,
);

function bytesOf(write: (view: DataView, index: number) => void, width: number, count = chirp.length): Uint8Array {
  const bytes = new Uint8Array(count * width);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < count; index += 1) write(view, index);
  return bytes;
}

const s16le = bytesOf((view, index) => {
  view.setInt16(2 * index, chirp[index] * 32_768, true);
}, 2);

/** Puts bytes on standard input, in pieces that are cut anywhere. */
function pipe(bytes: Uint8Array, pieceBytes = 4001): Readable {
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) =>
    bytes.slice(index * pieceBytes, (index + 1) * pieceBytes),
  );
  const stream = Readable.from(pieces, { objectMode: false });
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(stream as unknown as typeof process.stdin);
  return stream;
}

async function load(path: string) {
  return readNpy(await readFile(path), path);
}

/** What `hearken embed FILE` writes of the chirp. */
async function ofFile() {
  const [wav, times, values] = ['chirp.wav', 't.npy', 'e.npy'].map((name) => join(folder, name));
  await writeFile(wav, encodeWav(chirp, rate));
  const written = await hearken(
    'embed',
    wav,
    ...model,
    '--timestamps-out',
    times,
    '--timestamp-embeddings-out',
    values,
  );
  expect(written.status).toBe(0);
  return { timestamps: await load(times), embeddings: await load(values) };
}

function expectClose(found: Float32Array, expected: Float32Array): void {
  expect(found).toHaveLength(expected.length);
  expect(found.reduce((most, value, index) => Math.max(most, Math.abs(value - expected[index])), 0)).toBeLessThan(1e-4);
}

describe('hearken embed -', () => {
  it('writes what embedding the file writes', async () => {
    const file = await ofFile();
    pipe(s16le);
    const outputs = ['--timestamps-out', timestamps, '--timestamp-embeddings-out', embeddings];
    const { status, out, err } = await hearken('embed', ...raw, ...outputs);
    expect(err).toContain('baseline:mel: embeddings follow the sound within 80.06 ms');
    const { shape } = file.embeddings;
    expect(shape.slice(0, 2)).toEqual([1, 26]);
    expect({ status, out }).toEqual({
      status: 0,
      out: `${timestamps}: float32 [1, 26]\n${embeddings}: float32 [${shape.join(', ')}]\n`,
    });
    expect(await load(timestamps)).toEqual(file.timestamps);
    const streamed = await load(embeddings);
    expect(streamed.shape).toEqual(shape);
    expectClose(streamed.data, file.embeddings.data);
    // Nothing else was left.
    expect((await readdir(folder)).sort()).toEqual(['chirp.wav', 'e.npy', 'embeddings.npy', 't.npy', 'timestamps.npy']);
  });

  it.each([
    ['f32le', 1, 4, (view: DataView, index: number) => view.setFloat32(4 * index, chirp[index], true)],
    ['s32le', 1, 4, (view: DataView, index: number) => view.setInt32(4 * index, chirp[index] * 2 ** 31, true)],
    [
      's24le',
      1,
      3,
      (view: DataView, index: number) => {
        const value = chirp[index] * 2 ** 23;
        view.setUint8(3 * index, value & 255);
        view.setInt16(3 * index + 1, value >> 8, true);
      },
    ],
    [
      's16le',
      2,
      4,
      (view: DataView, index: number) => {
        // One channel a step louder, the other a step softer.
        view.setInt16(4 * index, chirp[index] * 32_768 + 5, true);
        view.setInt16(4 * index + 2, chirp[index] * 32_768 - 5, true);
      },
    ],
  ] as const)('reads %s of %i channels, a JSON line an embedding', async (format, channels, width, write) => {
    const file = await ofFile();
    pipe(bytesOf(write, width), 1003);
    const how = ['--format', format, '--channels', String(channels), '--json'];
    const { status, out } = await hearken('embed', ...raw, ...how);
    expect(status).toBe(0);
    const lines = out.trimEnd().split('\n');
    const parsed = lines.map((line) => JSON.parse(line) as { timestamp: number; embedding: number[] });
    expect(parsed.map(({ timestamp }) => timestamp)).toEqual(Array.from(file.timestamps.data));
    expectClose(Float32Array.from(parsed.flatMap(({ embedding }) => embedding)), file.embeddings.data);
  });

  it('writes the first line before the sound is over', async () => {
    const stream = new PassThrough();
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(stream as unknown as typeof process.stdin);
    const written: string[] = [];
    const firstLine = new Promise<void>((resolve) => {
      const stdout = new Writable({
        write(chunk: Buffer, _encoding, done) {
          written.push(chunk.toString());
          resolve();
          done();
        },
      });
      const stderr = new Writable({ write: (_chunk, _encoding, done) => done() });
      void main(['embed', ...raw, '--json', '--hop', '100'], { stdout, stderr }).then((status) => {
        written.push(`status ${status}`);
      });
    });
    stream.write(s16le.slice(0, 2 * 1300));
    await firstLine;
    expect(written.map((line) => (JSON.parse(line) as { timestamp: number }).timestamp)).toEqual([0]);
    stream.write(s16le.slice(2 * 1300));
    stream.end();
    await expect.poll(() => written.at(-1)).toBe('status 0');
    expect(written).toHaveLength(13 + 1);
  });

  it.each([
    [['--json'], 'no sample rate', ['-', ...model]],
    [['--json'], '--sample-rate 8000 for a model that takes 16000 Hz', ['-', ...model, '--sample-rate', '8000']],
    [[], 'no output', raw],
    [['--out', 'scene.npy'], 'needs the whole signal', raw],
    [['--json', '--hop', '0.1'], 'whole number of samples', raw],
    [['--json'], 'standard input among 2 files', [...raw, 'other.wav']],
    [['--json'], 'no --channels', ['-', '--model', 'baseline:ecg', '--sample-rate', '500']],
    [['--json'], 'files instead of standard input', ['chirp.wav', ...model]],
    [['--json', '--format', 'mp3'], 'Allowed choices are s16le', raw],
    [['--json', '--hop', 'often'], 'Not a number of milliseconds', raw],
  ])('refuses %j: %s', async (more, found, call) => {
    pipe(s16le);
    const { status, out, err } = await hearken('embed', ...call, ...more);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain(found);
  });

  it('leaves no file where the input is cut off, too short, or the command is stopped', async () => {
    const outputs = ['--timestamps-out', timestamps, '--timestamp-embeddings-out', embeddings];
    pipe(s16le.slice(0, -1));
    expect(await hearken('embed', ...raw, ...outputs)).toMatchObject({
      status: 2,
      err: expect.stringContaining('1 extra bytes at the end') as string,
    });
    pipe(s16le.slice(0, 200));
    expect(await hearken('embed', ...raw, ...outputs)).toMatchObject({
      status: 2,
      err: expect.stringContaining('one that ended after 100') as string,
    });
    // A pipe that gives nothing more.
    const stream = new PassThrough();
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(stream as unknown as typeof process.stdin);
    stream.write(s16le);
    const controller = new AbortController();
    const ignored = () => new Writable({ write: (_chunk, _encoding, done) => done() });
    const streams = { stdout: ignored(), stderr: ignored() };
    const stopped = main(['embed', ...raw, ...outputs], streams, controller.signal);
    // What there was is read, and more is waited for.
    await expect.poll(() => stream.readableLength).toBe(0);
    controller.abort(new Error('stopped'));
    await expect(stopped).rejects.toThrow('stopped');
    expect(stream.destroyed).toBe(true);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('the appended .npy', () => {
  it.each([[[1, 0]], [[1, 3]], [[1, 1, 3]]])('of shape %j is what is written at once', async (shape) => {
    const values = Float32Array.of(0.5, -1e-20, 3).subarray(
      0,
      shape.reduce((product, length) => product * length),
    );
    const npy = await NpyAppender.open(embeddings);
    for (const value of values) await npy.append(Float32Array.of(value));
    await npy.finish(shape);
    await npy.discard();
    expect(new Uint8Array(await readFile(embeddings))).toEqual(writeNpy(values, shape));
  });
});
