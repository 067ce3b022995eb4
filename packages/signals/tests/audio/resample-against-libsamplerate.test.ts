import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { resample } from '../../src/audio/resample.node.js';

interface LibSampleRate {
  ConverterType: { SRC_SINC_BEST_QUALITY: number };
  create(
    channels: number,
    from: number,
    to: number,
    options: { converterType: number },
  ): Promise<{ simple(signal: Float32Array): Float32Array; destroy(): void }>;
}
const libsamplerate = createRequire(import.meta.url)('@alexanderolsen/libsamplerate-js') as LibSampleRate;

/** Half a second of speech-like sound: decaying bursts of a chirp, nothing over 80% of the lower Nyquist frequency. */
function bursts(rate: number, nyquist: number): Float32Array {
  return Float32Array.from({ length: rate / 2 }, (_, index) => {
    const time = index / rate;
    const frequency = 0.1 * nyquist + 0.7 * nyquist * time;
    return 0.5 * Math.sin(2 * Math.PI * frequency * time) * Math.exp(-8 * (time % 0.1));
  });
}

describe('resampling against libsamplerate at its best quality', () => {
  it.each([
    [8_000, 32_000],
    [16_000, 32_000],
    [44_100, 16_000],
    [48_000, 16_000],
  ])('%i Hz to %i Hz', async (from, to) => {
    const signal = bursts(from, Math.min(from, to) / 2);
    const converter = await libsamplerate.create(1, from, to, {
      converterType: libsamplerate.ConverterType.SRC_SINC_BEST_QUALITY,
    });
    const expected = converter.simple(signal);
    converter.destroy();
    const actual = await resample(signal, from, to);
    // The libraries round lengths apart, and treat the very ends differently.
    expect(Math.abs(actual.length - expected.length)).toBeLessThanOrEqual(2);
    const edge = Math.round(0.02 * to);
    let difference = 0;
    for (let index = edge; index < Math.min(actual.length, expected.length) - edge; index += 1) {
      difference = Math.max(difference, Math.abs(actual[index] - expected[index]));
    }
    expect(difference).toBeLessThan(5e-3);
  });
});
