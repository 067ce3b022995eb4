import { expect, it } from 'vitest';
import { failedWays } from '../../src/jobs/failed-ways.js';
import type { JobData } from '../../src/jobs/job-data.js';
import { parseRootResult } from '../../src/status/records.js';

const evaluation = { probe: 'linear', grid: 'faster', gridPoints: 1, seed: 0 } as const;
const text = 'a\n  found:  b\n  to do:  c';

function waysOf(count: number): JobData<'root'>['ways'] {
  return Array.from({ length: count }, (_, index) => ({ name: `way ${index}`, evaluation, trainFraction: 0.25 }));
}

it('says which ways of scoring failed, with the parts of the error and the share of the training clips', () => {
  const ways = [{ name: 'linear', evaluation }, ...waysOf(1)];
  expect(failedWays({ ways }, { 0: 'killed', 1: text, 7: 'of no way' })).toEqual([
    { evaluation: 'linear', message: 'killed' },
    { evaluation: 'way 0', trainFraction: 0.25, message: 'a: b; c', parts: { asked: 'a', found: 'b', fix: 'c' } },
  ]);
});

it('stays readable as a whole if everything fails with long reasons', () => {
  const long = `${'a'.repeat(2000)}\n  found:  ${'b'.repeat(2000)}\n  to do:  ${'c'.repeat(2000)}`;
  const ways = waysOf(3000);
  const failed = failedWays({ ways }, Object.fromEntries(ways.map((_, index) => [index, long])));
  const written = JSON.stringify({ results: [], failed });
  expect(written.length).toBeLessThan(1 << 20);
  expect(parseRootResult(written)?.failed).toHaveLength(3000);
});
