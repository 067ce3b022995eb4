import { describeRealFixtures } from '../../../tests/support/real-fixtures.js';
import { testParity } from './parity.js';

describeRealFixtures('efficientat', 'released mn04_as weights against PyTorch', testParity);
