import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyMatrix, quantizeOutputs } from '../../src/quantization/quantize-matrix.js';
import { noise } from '../run-graph.js';

/** A matrix `[outputs, inputs]`, quantised `step` outputs at a time. */
function quantize(values: Float32Array, inputs: number, step = 1000) {
  const outputs = values.length / inputs;
  const matrix = emptyMatrix(outputs, inputs);
  for (let first = 0; first < outputs; first += step) {
    const rows = values.subarray(first * inputs, Math.min(outputs, first + step) * inputs);
    expect(quantizeOutputs(matrix, first, rows, inputs)).toBe(true);
  }
  return matrix;
}

describe('quantised matrices', () => {
  it('have each output in steps of its own largest weight / 127, inputs first', () => {
    const { weight, scales } = quantize(Float32Array.of(1, -2, 0.5, 0.001, 0, 0.0005), 3);
    expect(scales).toEqual(Float32Array.of(2 / 127, 0.001 / 127));
    // 63.5 steps up, 31.75 to the nearest.
    expect([...weight]).toEqual([64, 127, -127, 0, 32, 64]);
  });

  it('have scale 0 for an output of zeros', () => {
    const { weight, scales } = quantize(Float32Array.of(0, 0, 0, 3, -0, 1), 2);
    expect([...scales]).toEqual([0, Math.fround(3 / 127), Math.fround(1 / 127)]);
    expect([...weight]).toEqual([0, 0, 0, 0, 127, 127]);
  });

  it('have scale 0 for an output whose step is a denormal number', () => {
    const { weight, scales } = quantize(Float32Array.of(127 * 2 ** -127, 2 ** -149, -127 * 2 ** -126, 2 ** -126), 2);
    expect([...scales]).toEqual([0, 2 ** -126]);
    expect([...weight]).toEqual([0, -127, 0, 1]);
  });

  it('are within half a step of every weight, however they are cut', () => {
    const matrix = fc.integer({ min: 1, max: 20 }).chain((inputs) =>
      fc.record({
        inputs: fc.constant(inputs),
        step: fc.integer({ min: 1, max: 8 }),
        rows: fc.array(
          fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: inputs, maxLength: inputs }),
          { minLength: 1, maxLength: 8 },
        ),
      }),
    );
    fc.assert(
      fc.property(matrix, ({ inputs, step, rows }) => {
        const { weight, scales } = quantize(Float32Array.from(rows.flat()), inputs, step);
        for (const [output, row] of rows.entries()) {
          const largest = Math.max(...row.map(Math.abs));
          for (const [input, value] of row.entries()) {
            const found = weight[input * rows.length + output];
            expect(found).toBeGreaterThanOrEqual(-127);
            // An output whose step is a denormal number is zero.
            const bound = largest / 127 < 2 ** -126 ? largest : largest / 254 + largest * 1e-6;
            expect(Math.abs(found * scales[output] - value)).toBeLessThanOrEqual(bound);
          }
        }
      }),
    );
  });

  it('lose no more than 8 bits must', () => {
    const values = noise(64 * 512);
    const { weight, scales } = quantize(values, 512, 7);
    let [error, power] = [0, 0];
    values.forEach((value, index) => {
      const [output, input] = [Math.floor(index / 512), index % 512];
      error += (weight[input * 64 + output] * scales[output] - value) ** 2;
      power += value ** 2;
    });
    // Even noise in [-1, 1): a step of 1/127 leaves an error of 1 / (127 sqrt(12)), the noise has a size of 1 / sqrt(3).
    expect(Math.sqrt(error / power)).toBeCloseTo(1 / 254, 4);
  });

  it.each([NaN, Infinity, -Infinity])('refuse %d', (value) => {
    const values = noise(12);
    values[5] = value;
    expect(quantizeOutputs(emptyMatrix(3, 4), 0, values, 4)).toBe(false);
  });
});
