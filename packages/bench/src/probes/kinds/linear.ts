import { LinearProbe } from '../linear/linear-probe.js';
import { RidgeProbe } from '../linear/ridge-probe.js';
import { probeOutput } from '../outputs/registry.js';
import type { ProbeDefinition } from '../probe.js';

const definition: ProbeDefinition = {
  name: 'linear',
  summary:
    'logistic regression with an L2 penalty (ridge regression for numbers) on standardised embeddings; the penalty is chosen by cross-validation on the training rows',
  create: (context) => (probeOutput(context).isClassification ? new LinearProbe(context) : new RidgeProbe(context)),
};

export default definition;
