import { describe, expect, it } from 'vitest';
import { createNodeSession, GraphBuilder, kaldiFbank, kaldiMelBank } from '../src/node.js';

const options = {
  bands: 64,
  sampleRate: 16_000,
  frameSamples: 400,
  hop: 160,
  lowFrequency: 20,
  preEmphasis: 0.97,
};

/** The filter bank energies frame by frame, step by step as Kaldi takes them, in double precision: `[bands, frames]`. */
function reference(signal: Float32Array): number[][] {
  const { bands, frameSamples, hop, preEmphasis } = options;
  const bank = kaldiMelBank({ ...options, fftSize: 512, highFrequency: 8000 });
  const frames = Math.floor((signal.length - frameSamples) / hop) + 1;
  const values = Array.from({ length: bands }, () => new Array<number>(frames).fill(0));
  for (let frame = 0; frame < frames; frame += 1) {
    const samples = [...signal.subarray(frame * hop, frame * hop + frameSamples)];
    const mean = samples.reduce((sum, value) => sum + value, 0) / frameSamples;
    const centred = samples.map((value) => value - mean);
    const windowed = centred.map((value, index) => {
      const emphasised = value - preEmphasis * centred[Math.max(0, index - 1)];
      return emphasised * (0.5 - 0.5 * Math.cos((2 * Math.PI * index) / (frameSamples - 1)));
    });
    for (let bin = 0; bin < bank.bins; bin += 1) {
      let [real, imaginary] = [0, 0];
      windowed.forEach((value, index) => {
        const angle = (2 * Math.PI * ((bin * index) % 512)) / 512;
        real += value * Math.cos(angle);
        imaginary -= value * Math.sin(angle);
      });
      for (let band = 0; band < bands; band += 1) {
        values[band][frame] += bank.weights[band * bank.bins + bin] * (real ** 2 + imaginary ** 2);
      }
    }
  }
  return values.map((row) => row.map((value) => Math.log(Math.max(value, 2 ** -23))));
}

const noise = (amplitude: number) => (index: number) => amplitude * Math.sin(index * index * 0.37);

describe('Kaldi filter bank energies', () => {
  const signals: [string, number, (index: number) => number, number][] = [
    ['noise', 1000, noise(0.5), 1e-4],
    ['one frame', 400, noise(0.5), 1e-4],
    ['one sample less than two frames', 559, noise(0.5), 1e-4],
    ['quiet noise on a large offset', 1000, (index) => 0.9 + noise(0.01)(index), 1e-3],
    ['a loud low tone over quiet highs', 1000, (index) => Math.sin(index * 0.02) + noise(1e-3)(index), 5e-3],
    ['silence', 720, () => 0, 0],
  ];
  it.each(signals)('of %s equal those by definition', async (name, samples, valueAt, tolerance) => {
    const graph = new GraphBuilder('fbank');
    graph.output('fbank', kaldiFbank(graph, graph.input('signal', ['n', 'samples']), options), ['n', 64, 'frames']);
    const session = await createNodeSession(graph.build(), { threads: 1 });
    const data = Float32Array.from({ length: samples }, (_, index) => valueAt(index));
    const { fbank } = await session.run({ signal: { data, shape: [1, samples] } });
    await session.dispose();
    const expected = reference(data);
    const frames = expected[0].length;
    expect(fbank.shape).toEqual([1, 64, frames]);
    const differences = expected.flatMap((row, band) =>
      row.map((value, frame) => Math.abs(value - (fbank.data as Float32Array)[band * frames + frame])),
    );
    if (process.env.SHOW_DIFFERENCES) console.log(name, Math.max(...differences));
    expect(Math.max(...differences)).toBeLessThanOrEqual(tolerance + 2e-6);
  });
});
