import { LinearProbe } from '../linear/linear-probe.js';
import { RidgeProbe } from '../linear/ridge-probe.js';
import { probeOutput } from '../outputs/registry.js';
import type { ProbeDefinition } from '../probe.js';

const definition: ProbeDefinition = {
  name: 'linear',
  summary:
    'L2 logistic regression (for numbers ridge regression) on standardised embeddings, its strength chosen by cross-validation on training rows',
  create: (context) => (probeOutput(context).isClassification ? new LinearProbe(context) : new RidgeProbe(context)),
};

export default definition;
