import { describeRealFixtures } from '../../../tests/support/real-fixtures.js';
import { testParity } from './parity.js';

describeRealFixtures('hubert-ecg', 'real records against SciPy and PyTorch', testParity);
