import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getSceneEmbeddings, signalBatch } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.js';
import { createPreprocessor, leastSamples, preparedLength } from '../src/preprocessing/preprocess.js';
import { expectClose } from '../../../tests/support/expect-close.js';
import { readNpy } from '../../../tests/support/npy.js';

const shared = (path: string) => fileURLToPath(new URL(`../../../../shared/${path}`, import.meta.url));
const parity = shared('faults/parity');
const checkpoint = shared('fixtures/real/hubert-ecg/hubert_ecg_tiny.pt');
const allSteps = { filter: true, resample: true, scale: true, decimate: true };

describe('samples of a resampled record', () => {
  it.each([
    // int(n * (500 / fs)) by Python 3.
    [5001, 1000, 2500],
    [5000, 1000, 2500],
    [4999, 1000, 2499],
    [3601, 360, 5001],
    [3603, 360, 5004],
    [10_000, 499, 10_020],
    [5000, 499.31, 5006],
    [1250, 62.4725, 10_004],
    [4989, 499, 4998],
  ])('%i at %f Hz are %i at 500 Hz, rounded down as by Python', (samples, rate, expected) => {
    expect(preparedLength(samples, rate, 500)).toBe(expected);
  });

  it('5 s always fill a window, even where the product comes out just under it', () => {
    expect(Math.trunc(5 * 499 * (500 / 499))).toBe(2499);
    for (let rate = 95; rate <= 2000; rate += 1) {
      expect(leastSamples(rate)).toBe(5 * rate);
      expect(preparedLength(5 * rate, rate, 500)).toBe(2500);
    }
    expect(leastSamples(499.31)).toBe(2497);
    expect(leastSamples(200.2)).toBe(1001);
  });
});

describe.skipIf(!existsSync(parity) || !existsSync(checkpoint))(
  "5001 samples at 1000 Hz, against the authors' code",
  () => {
    const { data, shape } = existsSync(parity)
      ? readNpy(join(parity, 'ptb-1000hz-5001.input.npy'))
      : { data: new Float32Array(0), shape: [] };

    it('the record at 500 Hz', () => {
      expect(shape).toEqual([12, 5001]);
      const expected = readNpy(join(parity, 'ptb-1000hz-5001.preprocessed500Hz.npy'));
      const prepared = createPreprocessor(1000, allSteps).prepare(data);
      expect([12, prepared.samples]).toEqual(expected.shape);
      expectClose('500 Hz', prepared.data, expected.data, 1e-6);
    });

    it('the scene', async () => {
      const embedder = await plugin.loadModel(checkpoint, { windows: 'first', inputRate: 1000 });
      try {
        const scenes = await getSceneEmbeddings(signalBatch([data], 12), embedder);
        expectClose('scene', scenes.data, readNpy(join(parity, 'ptb-1000hz-5001.scene.npy')).data);
      } finally {
        await embedder.dispose();
      }
    });
  },
);
