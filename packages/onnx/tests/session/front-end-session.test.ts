import { expect, it } from 'vitest';
import { FrontEndSession, type Session } from '../../src/index.js';

/** Doubles every value. */
function doubling(disposed: () => void): Session {
  return {
    backend: 'none',
    run: ({ signal }) =>
      Promise.resolve({
        example: { data: (signal.data as Float32Array).map((value) => 2 * value), shape: signal.shape },
      }),
    dispose() {
      disposed();
      return Promise.resolve();
    },
  };
}

const windows = {
  count: 3,
  windowSize: 2,
  fill: (index: number, target: Float32Array) => target.fill(index),
  embeddingSize: 2,
  output: 'example',
  batchSize: 2,
};

it('loads its graph once, again after a failure, and frees it', async () => {
  let [loads, disposals] = [0, 0];
  const frontEnd = new FrontEndSession(() => {
    loads += 1;
    if (loads === 1) return Promise.reject(new Error('no memory'));
    return Promise.resolve(doubling(() => (disposals += 1)));
  });
  await frontEnd.dispose();
  await expect(frontEnd.prepare(windows)).rejects.toThrow('no memory');
  expect(await frontEnd.prepare(windows)).toEqual(Float32Array.of(0, 0, 2, 2, 4, 4));
  await frontEnd.prepare(windows);
  expect(loads).toBe(2);
  await frontEnd.dispose();
  await frontEnd.dispose();
  expect(disposals).toBe(1);
});
