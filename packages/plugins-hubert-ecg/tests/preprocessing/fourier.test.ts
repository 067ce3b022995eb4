import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fourierTransform } from '../../src/preprocessing/fourier.js';

/** The definition, term by term. */
function slowTransform(input: Float64Array): Float64Array {
  const length = input.length / 2;
  const output = new Float64Array(input.length);
  for (let bin = 0; bin < length; bin += 1) {
    for (let index = 0; index < length; index += 1) {
      const angle = (-2 * Math.PI * ((bin * index) % length)) / length;
      const [real, imaginary] = [Math.cos(angle), Math.sin(angle)];
      output[2 * bin] += input[2 * index] * real - input[2 * index + 1] * imaginary;
      output[2 * bin + 1] += input[2 * index] * imaginary + input[2 * index + 1] * real;
    }
  }
  return output;
}

describe('fourierTransform', () => {
  it('is the sum of its definition for every length, and its inverse goes back', () => {
    const value = fc.double({ min: -1, max: 1, noNaN: true });
    const signal = fc.integer({ min: 1, max: 130 }).chain((length) => {
      return fc.array(value, { minLength: 2 * length, maxLength: 2 * length });
    });
    fc.assert(
      fc.property(signal, (values) => {
        const input = Float64Array.from(values);
        const fourier = fourierTransform(input.length / 2);
        const spectrum = new Float64Array(input.length);
        fourier.forward(input, spectrum);
        slowTransform(input).forEach((expected, index) => {
          expect(Math.abs(spectrum[index] - expected)).toBeLessThan(1e-11);
        });
        fourier.inverse(spectrum, spectrum);
        input.forEach((expected, index) => {
          expect(Math.abs(spectrum[index] - expected)).toBeLessThan(1e-12);
        });
      }),
    );
  });

  it('is exact for long primes', () => {
    const length = 100_003;
    const input = new Float64Array(2 * length);
    input[2] = 1;
    const spectrum = new Float64Array(2 * length);
    fourierTransform(length).forward(input, spectrum);
    for (const bin of [0, 1, 12_345, length - 1]) {
      expect(spectrum[2 * bin]).toBeCloseTo(Math.cos((2 * Math.PI * bin) / length), 10);
      expect(spectrum[2 * bin + 1]).toBeCloseTo(-Math.sin((2 * Math.PI * bin) / length), 10);
    }
  });
});
