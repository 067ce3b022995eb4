import { describeRealFixtures } from '../../../tests/support/real-fixtures.js';
import { testParity } from './parity.js';

describeRealFixtures('hear', 'real recordings against PyTorch', testParity);
