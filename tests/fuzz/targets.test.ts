// A short run of `npm run fuzz`, with the same inputs each time.
import { describe, expect, it } from 'vitest';
import { makeInput } from '../../fuzz/engine/make-input.js';
import { runInput } from '../../fuzz/engine/run-input.js';
import { targets } from '../../fuzz/targets/index.js';

describe('every reader answers damaged files with an error of its own', () => {
  it.each(targets.map((target) => [target.name, target] as const))('%s', async (_, target) => {
    const seeds = await target.seeds();
    expect(seeds.length).toBeGreaterThan(0);
    const outcomes = { read: 0, refused: 0, wrong: 0 };
    for (let seed = 1; seed <= (target.shortRuns ?? 40); seed += 1) {
      const { kind, error } = await runInput(target, makeInput(seeds, seed));
      outcomes[kind] += 1;
      expect(kind === 'wrong' ? `seed ${seed}: ${error}` : '').toBe('');
    }
  });

  it.each(targets.map((target) => [target.name, target] as const))('%s reads what is sound', async (_, target) => {
    // Not all of the files next to the project are.
    const outcomes = [];
    for (const files of (await target.seeds()).slice(0, 6)) outcomes.push((await runInput(target, files)).kind);
    expect(outcomes).toContain('read');
    expect(outcomes).not.toContain('wrong');
  });
});
