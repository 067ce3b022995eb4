import { existsSync } from 'node:fs';
import { describe, it } from 'vitest';
import { testParity } from './parity.js';

// Real recordings are read in place; they are no part of the project.
const folder = new URL('../../../../shared/fixtures/real/patchmix', import.meta.url).pathname;

describe('real recordings against PyTorch', () => {
  if (existsSync(folder)) {
    testParity(folder);
  } else {
    it.skipIf(process.env.CI !== 'true')(`needs ${folder}`, () => {
      throw new Error(`${folder} is not there: put the real fixtures beside the project, or unset CI`);
    });
  }
});
