import { describe, expect, it } from 'vitest';
import { chebyshevLowPass } from '../../src/preprocessing/chebyshev.js';
import { decimator } from '../../src/preprocessing/decimate.js';
import { firBandPass } from '../../src/preprocessing/fir-band-pass.js';
import { fourierResampler } from '../../src/preprocessing/fourier-resample.js';
import { scaleByRange } from '../../src/preprocessing/scale.js';
import { zeroPhaseFir } from '../../src/preprocessing/zero-phase-fir.js';

/** Gain of a filter at a frequency given as a share of half the sample rate. */
function chebyshevGain(frequency: number): number {
  const [real, imaginary] = [Math.cos(Math.PI * frequency), -Math.sin(Math.PI * frequency)];
  const [real2, imaginary2] = [Math.cos(2 * Math.PI * frequency), -Math.sin(2 * Math.PI * frequency)];
  return chebyshevLowPass(8, 0.05, 0.16).reduce((product, { gain, a1, a2 }) => {
    const numerator = gain * Math.hypot(1 + 2 * real + real2, 2 * imaginary + imaginary2);
    return (product * numerator) / Math.hypot(1 + a1 * real + a2 * real2, a1 * imaginary + a2 * imaginary2);
  }, 1);
}

describe('chebyshevLowPass', () => {
  it('ripples by 0.05 dB up to its edge, and falls steeply after it', () => {
    const bottom = 10 ** (-0.05 / 20);
    const gains = Array.from({ length: 161 }, (_, index) => chebyshevGain(index / 1000));
    expect(Math.min(...gains)).toBeCloseTo(bottom, 4);
    expect(Math.max(...gains)).toBeCloseTo(1, 4);
    expect(chebyshevGain(0.16)).toBeCloseTo(bottom, 10);
    expect(chebyshevGain(0.3)).toBeLessThan(1e-3);
  });
});

describe('firBandPass', () => {
  it('is symmetric, with gain 1 in the middle of its band and little above it', () => {
    const taps = firBandPass(151, [0.05, 47], 500);
    const gain = (frequency: number) =>
      taps.reduce((sum, tap, index) => sum + tap * Math.cos((2 * Math.PI * frequency * (index - 75)) / 500), 0);
    taps.forEach((tap, index) => {
      expect(tap).toBeCloseTo(taps[150 - index], 15);
    });
    expect(gain(23.525)).toBeCloseTo(1, 12);
    expect(Math.abs(gain(80))).toBeLessThan(0.01);
  });
});

describe('zeroPhaseFir', () => {
  it('is one pass forwards and one backwards over the signal turned around its ends', () => {
    const taps = firBandPass(31, [0.05, 47], 100);
    const pair = Float64Array.from({ length: 2 * 700 }, (_, index) => Math.sin(index * index * 1e-3) + (index % 2) * 5);
    const filtered = zeroPhaseFir(taps)(pair);
    for (const part of [0, 1]) {
      const signal = pair.filter((_, index) => index % 2 === part);
      const expected = filteredBothWays(taps, signal);
      expected.forEach((value, index) => {
        expect(Math.abs(filtered[2 * index + part] - value)).toBeLessThan(1e-12);
      });
    }
  });

  /** As SciPy's `filtfilt` is described: padded by three times the taps, each pass begun as if it went on for ever. */
  function filteredBothWays(taps: Float64Array, signal: Float64Array): Float64Array {
    const margin = 3 * taps.length;
    const last = signal.length - 1;
    const extended = Float64Array.from({ length: signal.length + 2 * margin }, (_, index) => {
      const at = index - margin;
      if (at < 0) return 2 * signal[0] - signal[-at];
      return at > last ? 2 * signal[last] - signal[2 * last - at] : signal[at];
    });
    const pass = (input: Float64Array) =>
      input.map((_, index) => taps.reduce((sum, tap, lag) => sum + tap * input[Math.max(0, index - lag)], 0));
    return pass(pass(extended).reverse())
      .reverse()
      .subarray(margin, margin + signal.length);
  }
});

describe('fourierResampler', () => {
  it.each([
    [100, 500],
    [500, 100],
    [257, 500],
    [1000, 499],
    [64, 64],
  ])('%i to %i samples keeps periodic waves below both limits', (from, to) => {
    const waves = (length: number) =>
      Float64Array.from({ length: 2 * length }, (_, index) => {
        const phase = (2 * Math.PI * (index >> 1)) / length;
        return index % 2 === 0 ? 0.5 + Math.cos(3 * phase) : Math.sin(20 * phase + 1);
      });
    fourierResampler(
      from,
      to,
    )(waves(from)).forEach((value, index) => {
      expect(value).toBeCloseTo(waves(to)[index], 10);
    });
  });

  it('splits the middle frequency upwards, and adds both up downwards', () => {
    const alternating = Float64Array.from({ length: 16 }, (_, index) =>
      index % 4 === 0 ? 1 : index % 4 === 2 ? -1 : 0,
    );
    const up = fourierResampler(8, 16)(alternating).filter((_, index) => index % 2 === 0);
    up.forEach((value, index) => {
      expect(value).toBeCloseTo(Math.cos((Math.PI * index) / 2), 12);
    });
    const wave = Float64Array.from({ length: 32 }, (_, index) =>
      index % 2 === 0 ? Math.cos((Math.PI * index) / 4) : 0,
    );
    const down = fourierResampler(16, 8)(wave).filter((_, index) => index % 2 === 0);
    down.forEach((value, index) => {
      expect(value).toBeCloseTo(index % 2 === 0 ? 1 : -1, 12);
    });
  });
});

describe('decimator', () => {
  it('keeps a slow wave where it was, but for the ripple of both passes', () => {
    const signal = Float64Array.from({ length: 1001 }, (_, index) => Math.sin((2 * Math.PI * index) / 250));
    const kept = decimator(5)(signal);
    expect(kept.length).toBe(201);
    kept.forEach((value, index) => {
      expect(Math.abs(value - Math.sin((2 * Math.PI * index) / 50))).toBeLessThan(0.02);
    });
  });
});

describe('scaleByRange', () => {
  it('scales to [-1, 1], and a flat lead to -1', () => {
    const lead = Float64Array.of(2, 4, 3);
    scaleByRange(lead);
    [-1, 1, 0].forEach((expected, index) => {
      expect(lead[index]).toBeCloseTo(expected, 6);
    });
    const flat = new Float64Array(3).fill(7);
    scaleByRange(flat);
    expect([...flat]).toEqual([-1, -1, -1]);
  });
});
