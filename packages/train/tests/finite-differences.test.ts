// Gradients of random graphs against differences of their own outputs.
import fc from 'fast-check';
import type { Session, Tensor } from '@hearken/onnx';
import { createNodeSession } from '@hearken/onnx/node';
import { expect, it } from 'vitest';
import { differentiate } from '../src/index.js';
import { layers, type RandomGraph, randomGraphs } from './support/random-graphs.js';
import { noise, randomModel } from './support/random-model.js';
import { sizeOf } from './support/shapes.js';

/** A step large enough that float32's rounding is far below what changes, for differences of fourth order. */
const step = 0.03;

async function lossAlong(
  session: Session,
  parameters: ReadonlyMap<string, Tensor>,
  directions: ReadonlyMap<string, Float32Array>,
  distance: number,
): Promise<{ loss: number; size: number }> {
  const moved = [...parameters].map(([name, { data, shape }]) => {
    const along = directions.get(name)!;
    return [name, { data: (data as Float32Array).map((value, at) => value + distance * along[at]), shape }] as const;
  });
  const { y } = await session.run(Object.fromEntries(moved), ['y']);
  const values = [...(y.data as Float32Array)];
  return {
    loss: values.reduce((sum, value) => sum + value, 0),
    size: values.reduce((sum, value) => sum + Math.abs(value), 0),
  };
}

async function check(random: RandomGraph): Promise<void> {
  const { model, parameters } = randomModel(random);
  const direction = noise(random.seed + 1);
  const training = differentiate(model, { loss: 'loss', parameters: [...parameters.keys()], outputs: ['y', 'loss'] });
  expect(training.withoutGradient).toEqual([]);
  const session = await createNodeSession(training.model, { threads: 1 });
  try {
    const found = await session.run(Object.fromEntries(parameters));
    const directions = new Map([...parameters].map(([name, { shape }]) => [name, direction(sizeOf(shape))]));
    let [slope, length, count] = [0, 0, 0];
    for (const { name, gradient } of training.parameters) {
      const along = directions.get(name)!;
      (found[gradient].data as Float32Array).forEach((value, at) => {
        slope += value * along[at];
        length += value * value;
        count += 1;
      });
    }
    const at = (times: number) => lossAlong(session, parameters, directions, times * step);
    const [near, before, far, behind] = [await at(1), await at(-1), await at(2), await at(-2)];
    const measured = (8 * (near.loss - before.loss) - (far.loss - behind.loss)) / (12 * step);
    // What a random direction shows of a gradient of this length; and float32's rounding of each output.
    const expected = Math.sqrt(length / Math.max(count, 1)) * Math.sqrt(count / 3);
    const limit = 0.01 * expected + (3e-6 * near.size) / step;
    expect(Math.abs(slope - measured)).toBeLessThanOrEqual(limit + 1e-6);
  } finally {
    await session.dispose();
  }
}

it('finds the gradients of random graphs', async () => {
  await fc.assert(fc.asyncProperty(randomGraphs, check), { numRuns: 150, seed: 20 });
});

it.each(Object.keys(layers))('finds the gradients of %s', async (name) => {
  for (const choice of [0, 1, 2, 4, 7]) {
    await check({
      shape: [2, 3, 4],
      layers: [
        { name: 'tanh', choice: 0 },
        { name, choice },
      ],
      seed: 7 + choice,
    });
  }
});
