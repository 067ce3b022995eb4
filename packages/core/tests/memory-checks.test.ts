import { expect, it } from 'vitest';
import { type HeldBytes, memoryChecks, runConformance } from '../src/conformance.js';
import { good } from './broken-embedders.js';
import { fakePlugin } from './fake-embedder.js';

const mebibyte = 2 ** 20;

/** What the check says of a process whose memory is `held` after so many measurements. */
async function told(held: (measurement: number) => Partial<HeldBytes>): Promise<string | undefined> {
  let measurements = 0;
  const heldBytes = () => ({ values: 50 * mebibyte, process: 500 * mebibyte, ...held((measurements += 1)) });
  const options = { ...good(fakePlugin()), checks: memoryChecks, heldBytes };
  for await (const { passed, error } of runConformance(options)) return passed ? undefined : String(error);
  throw new Error('no check');
}

it('has nothing to say where nothing grows, or where nobody tells', async () => {
  expect(await told(() => ({}))).toBeUndefined();
  for await (const { passed } of runConformance({ ...good(fakePlugin()), checks: memoryChecks })) {
    expect(passed).toBe(true);
  }
});

it('tells of values that are kept, and of memory of a runtime that is', async () => {
  // Measured every fifth call.
  expect(await told((turn) => ({ values: turn * 5 * mebibyte }))).toMatch(
    /1\.0 MiB more with every call \(40 MiB over 40 calls\), in JavaScript values; keep nothing after a call/,
  );
  expect(await told((turn) => ({ process: turn * 5 * mebibyte }))).toMatch(
    /outside of JavaScript; dispose of the tensors/,
  );
  // A second of audio a call: 64 kB.
  expect(await told((turn) => ({ values: turn * 5 * 64_000 }))).toMatch(/0\.061 MiB more/);
});

it('is not misled by noise, by what is collected late, or by one step', async () => {
  expect(await told((turn) => ({ values: (turn % 3) * 40 * mebibyte }))).toBeUndefined();
  expect(await told((turn) => ({ process: (500 + (turn % 7) * 60) * mebibyte }))).toBeUndefined();
  expect(await told((turn) => ({ process: (turn < 10 ? 500 : 700) * mebibyte }))).toBeUndefined();
  expect(await told((turn) => ({ values: (turn < 9 ? 50 : 90) * mebibyte }))).toBeUndefined();
});
