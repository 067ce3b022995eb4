// Unchanged results of version 0.1.0: they must always verify, and later versions must give the same numbers.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { verifyResult } from '../packages/results/src/submit/verify-result.node.js';

const folder = fileURLToPath(new URL('fixtures/results-of-0.1.0', import.meta.url));
const results = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));

it('has results of scenes, events and ECGs, with several seeds and shares of the training clips', () => {
  expect(results).toHaveLength(10);
});

it.each(results)('%s still verifies', async (name) => {
  const { problems } = await verifyResult(join(folder, name));
  expect(problems).toEqual([]);
});
