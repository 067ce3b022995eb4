import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Embedder,
  getSceneEmbeddings,
  getTimestampEmbeddings,
  type LoadOptions,
  signalBatch,
} from '@hearken/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { windowSamples } from '../src/front-end.js';
import plugin from '../src/index.js';
import { changedConfig, readFixture, withFolder, writeSafetensors } from './changed-checkpoint.js';
import { fixture } from './fixture.js';
import { readNpy } from '../../../tests/support/npy.js';
import { expectClose } from '../../../tests/support/expect-close.js';

const clip = (name: string) => {
  const padded = new Float32Array(windowSamples);
  padded.set(readNpy(fixture(`${name}.input.npy`)).data);
  return padded;
};
const [speech, noise] = [clip('speech'), clip('noise')];
/** Speech, silence, noise: 2 s each. */
const long = new Float32Array(3 * windowSamples);
long.set(speech);
long.set(noise, 2 * windowSamples);

let embedder: Embedder;
const load = (options: LoadOptions = {}) => plugin.loadModel(fixture(), { runtime: { threads: 1 }, ...options });
beforeAll(async () => {
  embedder = await load();
});
afterAll(() => embedder.dispose());

const scene = async (signal: Float32Array, by: Embedder = embedder) =>
  (await getSceneEmbeddings(signalBatch([signal]), by)).data;
const meanOf = (rows: Float32Array[]) =>
  rows[0].map((_, index) => rows.reduce((sum, row) => sum + row[index], 0) / rows.length);

describe('scenes', () => {
  it('over 2 s are the mean over windows, 1 s apart unless told otherwise', async () => {
    const at = (seconds: number) => long.slice(seconds * 16_000, seconds * 16_000 + windowSamples);
    const windows = await Promise.all([0, 1, 2, 3, 4].map((second) => scene(at(second))));
    expectClose('hop 1', await scene(long), meanOf(windows));
    const sparse = await load({ hop: 2 });
    expectClose('hop 2', await scene(long, sparse), meanOf([windows[0], windows[2], windows[4]]));
    await sparse.dispose();
  });

  it('leave silent windows out where asked', async () => {
    const skipping = await load({ hop: 2, skipSilent: true });
    expect(skipping.provenance.options).toEqual({ hop: 2, skipSilent: -50, precision: 'fp32' });
    expectClose('skipSilent', await scene(long, skipping), meanOf([await scene(speech), await scene(noise)]));
    await skipping.dispose();
  });

  it('say what they come from', () => {
    expect(embedder.provenance).toMatchObject({
      plugin: 'hear',
      model: 'hear',
      options: { hop: 1, skipSilent: false, precision: 'fp32' },
    });
    expect(embedder.provenance.checkpointSha256).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('timestamps', () => {
  it('are 12 a window, in the middle of the patches, each window by itself', async () => {
    const whole = await getTimestampEmbeddings(signalBatch([long]), embedder);
    expect(whole.timestampCount).toBe(36);
    expect(whole.size).toBe(64);
    expect(whole.timestamps[0]).toBeCloseTo(2000 / 24, 3);
    expect(whole.timestamps[35]).toBeCloseTo(6000 - 2000 / 24, 2);
    const last = await getTimestampEmbeddings(signalBatch([noise]), embedder);
    expectClose('last window', whole.data.slice(24 * 64), last.data);
  });

  it('stop where the signal does', async () => {
    const count = async (samples: number) =>
      (await getTimestampEmbeddings(signalBatch([long.slice(0, samples)]), embedder)).timestampCount;
    // A patch spans 2666.7 samples; its middle has to lie in the signal.
    expect(await count(embedder.minimumTimestampSamples)).toBe(1);
    expect(embedder.minimumTimestampSamples).toBe(1334);
    expect(await count(3999)).toBe(1);
    expect(await count(4000)).toBe(2);
    expect(await count(windowSamples + 1)).toBe(12);
    expect(await count(windowSamples + 1334)).toBe(13);
  });

  it('come from the patches of their own time', async () => {
    await withFolder(async (folder) => {
      // Without attention and feed-forward blocks a token shows its own patch only.
      const tensors = readFixture();
      for (const [name, tensor] of tensors) {
        if (/^encoder\..*output\.dense/.test(name))
          tensors.set(name, { ...tensor, bytes: new Uint8Array(tensor.bytes.length) });
      }
      writeSafetensors(join(folder, 'model.safetensors'), tensors);
      writeFileSync(join(folder, 'config.json'), changedConfig());
      const local = await plugin.loadModel(folder, { runtime: { threads: 1 } });
      // The second half differs, the extremes that the clip is scaled by do not.
      const first = noise.map((value, index) => (index === 10 ? -1 : index === 20 ? 1 : value));
      const second = first.map((value, index) => (index < windowSamples / 2 ? value : value / 2));
      const { data, size } = await getTimestampEmbeddings(signalBatch([first, second]), local);
      await local.dispose();
      const changed = Array.from({ length: 12 }, (_, time) => {
        const row = (signal: number) => data.subarray((signal * 12 + time) * size, (signal * 12 + time + 1) * size);
        const other = row(1);
        return Math.max(...row(0).map((value, index) => Math.abs(value - other[index])));
      });
      // The frames around 1 s reach 25 ms ahead, so the patch before it may change a little.
      expect(Math.max(...changed.slice(0, 5))).toBeLessThan(1e-5);
      expect(Math.min(...changed.slice(6))).toBeGreaterThan(1e-3);
    });
  });

  it('cut into clips in a batch are those of the clips alone', async () => {
    const batch = await getTimestampEmbeddings(signalBatch([long, long.toReversed()]), embedder);
    const alone = await getTimestampEmbeddings(signalBatch([long.toReversed()]), embedder);
    expectClose('second signal', batch.data.slice(batch.data.length / 2), alone.data);
  });
});
