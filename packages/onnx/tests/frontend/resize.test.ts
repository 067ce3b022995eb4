import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpolationMatrix, resizeLastAxis } from '../../src/node.js';
import { farthest, noise, runGraph } from '../run-graph.js';

const size = fc.integer({ min: 1, max: 40 });

describe('interpolation matrix', () => {
  it('keeps constants, and lines away from the ends', () => {
    fc.assert(
      fc.property(size, size, (from, to) => {
        const matrix = interpolationMatrix(from, to);
        for (let output = 0; output < to; output += 1) {
          let [sum, centre] = [0, 0];
          for (let input = 0; input < from; input += 1) {
            sum += matrix[input * to + output];
            centre += input * matrix[input * to + output];
          }
          expect(sum).toBeCloseTo(1, 5);
          const position = ((output + 0.5) * from) / to - 0.5;
          expect(centre).toBeCloseTo(Math.min(from - 1, Math.max(0, position)), 4);
        }
      }),
    );
  });

  it('is the identity between equal sizes', () => {
    expect([...interpolationMatrix(3, 3)]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  });
});

it('resizes the last axis', async () => {
  const data = noise(20);
  const found = await runGraph({ data, shape: [2, 2, 5] }, (graph, input) => resizeLastAxis(graph, input, 5, 3));
  expect(found.shape).toEqual([2, 2, 3]);
  // 5 to 3: outputs lie at inputs 1/3, 2 and 11/3.
  const expected = [0, 1, 2, 3].flatMap((row) => {
    const value = (index: number) => data[row * 5 + index];
    return [(value(0) * 2 + value(1)) / 3, value(2), (value(3) + value(4) * 2) / 3];
  });
  expect(farthest(found.data, expected)).toBeLessThan(1e-6);
});
