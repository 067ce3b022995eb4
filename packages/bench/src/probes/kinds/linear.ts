import { LinearProbe } from '../linear/linear-probe.js';
import type { ProbeDefinition } from '../probe.js';

const definition: ProbeDefinition = {
  name: 'linear',
  summary:
    'L2 logistic regression on standardised embeddings, its strength chosen by cross-validation on training rows',
  create: (context) => new LinearProbe(context),
};

export default definition;
