import { expect, it } from 'vitest';
import { pcen, type PcenOptions } from '../../src/node.js';
import { farthest, noise, runGraph } from '../run-graph.js';

/** The two equations of the paper, step by step. */
function reference(energy: Float32Array, { frames, alpha, smoothing, delta, root, floor }: PcenOptions): number[] {
  const values: number[] = [];
  for (let start = 0; start < energy.length; start += frames) {
    let smooth = energy[start];
    for (let frame = 0; frame < frames; frame += 1) {
      const value = energy[start + frame];
      if (frame > 0) smooth = (1 - smoothing) * smooth + smoothing * value;
      values.push((value / (floor + smooth) ** alpha + delta) ** (1 / root) - delta ** (1 / root));
    }
  }
  return values;
}

it.each([
  { frames: 200, alpha: 0.8, smoothing: 0.04, delta: 2, root: 2, floor: 1e-8 },
  { frames: 7, alpha: 0.98, smoothing: 0.5, delta: 1, root: 3, floor: 1e-6 },
])('equals its recursion %j', async (options) => {
  const shape = [2, 3, options.frames];
  // Energies over ten orders of magnitude, silence among them.
  const data = noise(6 * options.frames).map((value, index) => (index % 11 === 0 ? 0 : 10 ** (value * 5)));
  const found = await runGraph({ data, shape }, (graph, energy) => pcen(graph, energy, options));
  expect(found.shape).toEqual(shape);
  const expected = reference(data, options);
  const relative = found.data.map((value, index) => (value - expected[index]) / (1 + Math.abs(expected[index])));
  expect(
    farthest(
      relative,
      relative.map(() => 0),
    ),
  ).toBeLessThan(2e-5);
});
