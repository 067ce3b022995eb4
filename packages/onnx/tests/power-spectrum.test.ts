import { describe, expect, it } from 'vitest';
import {
  centredHannWindow,
  createNodeSession,
  filteredPowerSpectrum,
  GraphBuilder,
  kaldiMelBank,
  type MelBank,
  preEmphasis,
  reflectPad,
} from '../src/node.js';

/** Every bin its own filter, so that the spectrum itself is seen. */
function identityBank(fftSize: number): MelBank {
  const bins = fftSize / 2 + 1;
  const weights = new Float64Array(bins * bins);
  for (let bin = 0; bin < bins; bin += 1) weights[bin * bins + bin] = 1;
  return { weights, bands: bins, bins };
}

/** `|sum_n w[n] x[n] e^(-2 pi i k n / N)|^2` by its definition, filtered: `[bands, frames]`. */
function reference(signal: Float32Array, fftSize: number, hop: number, window: Float64Array, bank: MelBank): number[] {
  const frames = Math.floor((signal.length - fftSize) / hop) + 1;
  const values = new Array<number>(bank.bands * frames).fill(0);
  for (let frame = 0; frame < frames; frame += 1) {
    for (let bin = 0; bin < bank.bins; bin += 1) {
      let [real, imaginary] = [0, 0];
      for (let n = 0; n < fftSize; n += 1) {
        const angle = (2 * Math.PI * ((bin * n) % fftSize)) / fftSize;
        real += window[n] * signal[frame * hop + n] * Math.cos(angle);
        imaginary -= window[n] * signal[frame * hop + n] * Math.sin(angle);
      }
      for (let band = 0; band < bank.bands; band += 1) {
        values[band * frames + frame] += bank.weights[band * bank.bins + bin] * (real ** 2 + imaginary ** 2);
      }
    }
  }
  return values;
}

function noise(samples: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, index) => Math.sin(index * index * 0.37) * Math.cos(index * 0.11));
}

describe('filtered power spectrum', () => {
  // Hops that leave 1, 4, 8 and 32 samples a row; windows shorter than, and as long as the transform.
  const cases = [
    { fftSize: 64, hop: 15, windowLength: 50 },
    { fftSize: 64, hop: 12, windowLength: 64 },
    { fftSize: 128, hop: 40, windowLength: 100 },
    { fftSize: 1024, hop: 320, windowLength: 800 },
  ];
  it.each(cases)('equals the transform by its definition %j', async ({ fftSize, hop, windowLength }) => {
    const window = centredHannWindow(windowLength, fftSize);
    const bank =
      fftSize > 200
        ? kaldiMelBank({ bands: 20, fftSize, sampleRate: 32_000, lowFrequency: 0, highFrequency: 15_000 })
        : identityBank(fftSize);
    const graph = new GraphBuilder('spectrum');
    const signal = graph.input('signal', ['n', 'samples']);
    graph.output('spectrum', filteredPowerSpectrum(graph, signal, { fftSize, hop, window, bank }), ['n', 'bands', 't']);
    const session = await createNodeSession(graph.build(), { threads: 1 });
    for (const samples of [fftSize, fftSize + hop - 1, fftSize + hop, 3 * fftSize + 7]) {
      const data = noise(2 * samples);
      const { spectrum } = await session.run({ signal: { data, shape: [2, samples] } });
      const expected = [0, 1].flatMap((row) =>
        reference(data.subarray(row * samples, (row + 1) * samples), fftSize, hop, window, bank),
      );
      expect(spectrum.shape).toEqual([2, bank.bands, Math.floor((samples - fftSize) / hop) + 1]);
      const largest = Math.max(...expected);
      expected.forEach((value, index) => {
        expect(Math.abs((spectrum.data as Float32Array)[index] - value)).toBeLessThan(2e-6 * largest);
      });
    }
    await session.dispose();
  });
});

describe('Kaldi mel bank', () => {
  const bank = kaldiMelBank({ bands: 40, fftSize: 512, sampleRate: 16_000, lowFrequency: 20, highFrequency: 8000 });

  it('has triangles that add up to 1 between the first and the last centre', () => {
    const sums = Array.from({ length: bank.bins }, (_, bin) =>
      Array.from({ length: bank.bands }, (_, band) => bank.weights[band * bank.bins + bin]).reduce((a, b) => a + b, 0),
    );
    expect(sums.slice(10, 200).every((sum) => Math.abs(sum - 1) < 1e-9)).toBe(true);
  });

  it('gives nothing below the lowest frequency and at Nyquist', () => {
    for (let band = 0; band < bank.bands; band += 1) {
      expect(bank.weights[band * bank.bins]).toBe(0);
      expect(bank.weights[band * bank.bins + bank.bins - 1]).toBe(0);
    }
  });
});

describe('signal padding', () => {
  it('mirrors without repeating the edge, and differentiates', async () => {
    const graph = new GraphBuilder('padding');
    const signal = graph.input('signal', ['n', 'samples']);
    graph.output('padded', reflectPad(graph, signal, 2), ['n', 'm']);
    graph.output('emphasised', preEmphasis(graph, signal, 0.5), ['n', 'k']);
    const session = await createNodeSession(graph.build());
    const run = await session.run({ signal: { data: Float32Array.of(1, 2, 4, 8), shape: [1, 4] } });
    expect([...(run.padded.data as Float32Array)]).toEqual([4, 2, 1, 2, 4, 8, 4, 2]);
    expect([...(run.emphasised.data as Float32Array)]).toEqual([1.5, 3, 6]);
    await session.dispose();
  });
});
