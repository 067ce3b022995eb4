import fc from 'fast-check';
import { expect, it } from 'vitest';
import { embedRuns } from '../../src/jobs/embed-runs.js';

const shards = (bytes: readonly number[]) =>
  bytes.map((size, index) => ({ split: 'train', first: index, clips: 1, bytes: size }));

it('divides shards into runs of about a minute, in their order', () => {
  const runs = embedRuns(shards([20, 20, 20, 20, 100, 1]), 1, 100);
  expect(runs.map((run) => run.map(({ first }) => first))).toEqual([[0, 1, 2], [3], [4], [5]]);
});

it('makes a run of each shard if nothing is known of the model', () => {
  expect(embedRuns(shards([1, 1]), undefined, 100)).toHaveLength(2);
});

it('keeps every shard once, and leaves later ones for later', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(100)),
      fc.option(fc.double({ min: 0, max: 10, noNaN: true }), { nil: undefined }),
      fc.integer({ min: 1, max: 20 }),
      (bytes, secondsPerByte, mostRuns) => {
        const runs = embedRuns(shards(bytes), secondsPerByte, mostRuns);
        const kept = runs.flat().map(({ first }) => first);
        expect(kept).toEqual(bytes.map((_, index) => index).slice(0, kept.length));
        expect(runs.length).toBeLessThanOrEqual(mostRuns);
        if (runs.length < mostRuns) expect(kept).toHaveLength(bytes.length);
        for (const run of runs) expect(run).not.toHaveLength(0);
      },
    ),
  );
});
