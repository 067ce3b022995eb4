import { describeRealFixtures } from '../../../tests/support/real-fixtures.js';
import { testParity } from './parity.js';

describeRealFixtures('patchmix', 'real recordings against PyTorch', testParity);
