import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Embedder, getSceneEmbeddings, getTimestampEmbeddings, type Plugin, signalBatch } from '@hearken/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { readNpy } from '@hearken/signals';
import { readAudioFile } from '@hearken/signals/node';
import { resample } from '@hearken/signals/onnx';
import { embedLongFile, isLongRecording } from '../../src/cli/embed-long-file.node.js';
import { findModel } from '../../src/cli/model-options.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { wavBytes } from '../../../../tests/support/wav-bytes.js';

const temporaryFolder = temporaryFolders();
let folder: string;
let out: string;
let timestamps: string;
let embeddings: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  [out, timestamps, embeddings] = ['scenes.npy', 'times.npy', 'timeline.npy'].map((name) => join(folder, name));
});

const model = ['--model', 'baseline:mel', '--threads', '1'];
const load = async (path: string) => readNpy(await readFile(path), path);

function expectSame(found: Float32Array, expected: Float32Array): void {
  expect(found).toHaveLength(expected.length);
  const bytes = ({ buffer, byteOffset, byteLength }: Float32Array) => Buffer.from(buffer, byteOffset, byteLength);
  expect(Buffer.compare(bytes(found), bytes(expected))).toBe(0);
}

/** Stereo of 44.1 kHz, of other sound on either side. */
async function recording(name: string, seconds: number, last = 0): Promise<string> {
  const data = new Float32Array(2 * Math.round(seconds * 44_100));
  for (let index = 0; index < data.length; index += 2) {
    data[index] = 0.3 * Math.sin(index * index * 1e-9);
    data[index + 1] = ((index * 7919) % 1013) / 5000;
  }
  data[data.length - 1] = last;
  const path = join(folder, name);
  const bytes = new Uint8Array(data.buffer);
  const parts = { code: 3, bits: 32, channels: 2, sampleRate: 44_100, data: new Uint8Array(), dataSize: bytes.length };
  await writeFile(path, Buffer.concat([wavBytes(parts), bytes]));
  return path;
}

describe('a long recording', () => {
  it('is embedded in pieces to what it is as a whole, between short ones', async () => {
    const [short, long] = [await recording('short.wav', 2), await recording('long.wav', 81.3)];
    const outputs = ['--timestamps-out', timestamps, '--timestamp-embeddings-out', embeddings];
    const written = await hearken('embed', long, ...model, '--out', out, ...outputs);
    expect(written).toMatchObject({
      status: 0,
      out: expect.stringContaining(`${timestamps}: float32 [1, 1626]`) as string,
    });
    const embedder = await (await findModel('baseline:mel', { threads: 1 })).load();
    const sound = await readAudioFile(long, { resample, sampleRate: 16_000 });
    const scene = await getSceneEmbeddings(signalBatch([sound], 1), embedder);
    const timeline = await getTimestampEmbeddings(signalBatch([sound], 1), embedder);
    expectSame((await load(out)).data, scene.data);
    expectSame((await load(timestamps)).data, timeline.timestamps);
    expectSame((await load(embeddings)).data, timeline.data);
    const all = await hearken('embed', short, long, short, ...model, '--out', out);
    expect(all).toMatchObject({ status: 0, out: expect.stringContaining(`${out}: float32 [3, `) as string });
    const { data, shape } = await load(out);
    const size = shape[1];
    expectSame(data.subarray(size, 2 * size), scene.data);
    expectSame(data.subarray(2 * size), data.subarray(0, size));
    expect(await isLongRecording(short, embedder)).toBe(false);
    expect(await isLongRecording(long, embedder)).toBe(true);
    await embedder.dispose();
  });

  it('with NaN at its end, or of other timestamps than the files before it, leaves no file', async () => {
    const long = await recording('long.wav', 81.3, NaN);
    const outputs = ['--out', out, '--timestamps-out', timestamps];
    const wrong = await hearken('embed', long, ...model, ...outputs);
    expect(wrong).toMatchObject({ status: 2, out: '' });
    expect(wrong.err).toMatch(/finite samples of '.*long\.wav'.*\n.*NaN at sample 3585329 of channel 1/);
    const other = await hearken(
      'embed',
      await recording('short.wav', 2),
      await recording('long.wav', 81),
      ...model,
      ...outputs,
    );
    expect(other.status).toBe(2);
    expect(other.err).toMatch(/1620 timestamps after 40 in each of the files before '.*long\.wav'/);
    expect((await readdir(folder)).sort()).toEqual(['long.wav', 'short.wav']);
  });

  it('keeps its channels for a model of as many, and warns of samples far over full scale', async () => {
    const path = await recording('long.wav', 13, 40);
    const seen: Float32Array[] = [];
    const embedder = {
      sampleRate: 22_050,
      channels: 2,
      provenance: { plugin: 'stereo', model: 'one', options: {} },
    } as unknown as Embedder;
    const plugin = {
      getSceneEmbeddings: (signals: { data: Float32Array }) => Promise.resolve(signals),
    } as unknown as Plugin;
    const warnings: string[] = [];
    const options = {
      scenes: true,
      timestamps: false,
      onWarning: (_: string, warning: string) => warnings.push(warning),
    };
    const output = {
      scenes: (data: Float32Array) => Promise.resolve(void seen.push(data)),
      timestamps: () => Promise.reject(new Error('not asked for')),
    };
    expect(await embedLongFile(path, { plugin, embedder }, options, output)).toBe(0);
    const expected = await readAudioFile(path, { resample, sampleRate: 22_050, channels: 'all' });
    expect(seen).toHaveLength(1);
    expectSame(seen[0], expected);
    expect(warnings).toEqual([expect.stringContaining('The peak is 40 times full scale')]);
    const mono = { ...embedder, channels: 3 };
    await expect(embedLongFile(path, { plugin, embedder: mono }, options, output)).rejects.toThrow(
      'a model that takes 3',
    );
  });
});
