import { createNodeSession } from '@hearken/onnx/node';
import { describe, expect, it } from 'vitest';
import { buildFrontEnd } from '../src/graph.js';
import type { Padding } from '../src/options.js';
import { framesOf, type Preparation } from '../src/preparation.js';

const windowSamples = 4000;

function preparation(padding: Padding): Preparation {
  return { model: 'patchmix', windowSamples, frames: framesOf(windowSamples), times: 1, padding, mean: -4, std: 2 };
}

/** What the front end makes of two signals of `samples` samples, 1, 2, 3 ... and its negative. */
async function run(padding: Padding, samples: number) {
  const session = await createNodeSession(buildFrontEnd(preparation(padding), 128), { threads: 1 });
  const data = Float32Array.from({ length: 2 * samples }, (_, index) =>
    index < samples ? index + 1 : -(index - samples + 1),
  );
  const { padded, fbank } = await session.run({ signal: { data, shape: [2, samples] } });
  await session.dispose();
  const second = padded.data.subarray(padded.data.length / 2);
  return { padded: padded.data.subarray(0, padded.data.length / 2) as Float32Array, second, fbank };
}

describe('padding', () => {
  it('repeats a short signal and fades it out', async () => {
    const { padded, second } = await run('repeat', 1500);
    expect([padded[0], padded[1499], padded[1500], padded[2999]]).toEqual([1, 1500, 1, 1500]);
    expect(padded[3000]).toBe(1);
    expect(padded[3001]).toBeCloseTo(2 * (1 - 1 / 999), 5);
    expect(padded[3999]).toBe(0);
    expect([second[0], second[1500]]).toEqual([-1, -1]);
  });

  it('fades out a signal of exactly the length, and cuts a longer one without', async () => {
    const exact = await run('repeat', windowSamples);
    expect([exact.padded[3000], exact.padded[3999]]).toEqual([3001, 0]);
    const longer = await run('repeat', windowSamples + 1);
    expect([longer.padded.length, longer.padded[3999]]).toEqual([windowSamples, windowSamples]);
  });

  it('puts a short signal into the middle of zeros', async () => {
    const { padded } = await run('zero', 1501);
    // (4000 - 1501) / 2 rounded down in front.
    expect([padded[1248], padded[1249], padded[2749], padded[2750]]).toEqual([0, 1, 1501, 0]);
    const longer = await run('zero', windowSamples + 7);
    expect([longer.padded.length, longer.padded[3999]]).toEqual([windowSamples, windowSamples]);
  });

  it('fills up the log-mel, and not the signal, where asked', async () => {
    const { padded, fbank } = await run('spectrogram', 1500);
    expect(padded.length).toBe(1500);
    expect(fbank.shape).toEqual([2, 128, 23]);
    const values = fbank.data as Float32Array;
    // 7 frames of signal; the others are (0 - mean) / (2 std).
    expect(values.subarray(7, 23).every((value) => value === 1)).toBe(true);
    expect(values[6]).not.toBe(1);
    const longer = await run('spectrogram', windowSamples + 999);
    expect([longer.padded.length, longer.fbank.shape[2]]).toEqual([windowSamples, 23]);
  });
});
