import { describe } from 'vitest';
import { fixture } from './fixture.js';
import { testParity } from './parity.js';

describe('portable fixtures against PyTorch', () => {
  testParity(fixture('.'));
});
