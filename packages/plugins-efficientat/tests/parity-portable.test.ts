import { describe } from 'vitest';
import { testParity } from './parity.js';

describe('portable fixtures against PyTorch', () => {
  testParity(new URL('fixtures', import.meta.url).pathname);
});
