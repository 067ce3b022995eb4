import { existsSync } from 'node:fs';
import { describe, it } from 'vitest';
import { testParity } from './parity.js';

// The released weights and real recordings are read in place; they are no part of the project.
const folder = new URL('../../../../shared/fixtures/real/efficientat', import.meta.url).pathname;

describe('released mn04_as weights against PyTorch', () => {
  if (existsSync(folder)) {
    testParity(folder);
  } else {
    it.skipIf(process.env.CI !== 'true')(`needs ${folder}`, () => {
      throw new Error(`${folder} is not there: put the real fixtures beside the project, or unset CI`);
    });
  }
});
