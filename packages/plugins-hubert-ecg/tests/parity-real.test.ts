import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { testParity } from './parity.js';

// Real records are read in place; they are no part of the project.
const folder = fileURLToPath(new URL('../../../../shared/fixtures/real/hubert-ecg', import.meta.url));

describe('real records against SciPy and PyTorch', () => {
  if (existsSync(folder)) {
    testParity(folder);
  } else {
    it.skipIf(process.env.CI !== 'true')(`needs ${folder}`, () => {
      throw new Error(`${folder} is not there: put the real fixtures beside the project, or unset CI`);
    });
  }
});
