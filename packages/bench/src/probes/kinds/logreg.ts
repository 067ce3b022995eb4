import { LogregProbe } from '../logreg/logreg-probe.js';
import type { ProbeDefinition } from '../probe.js';

const definition: ProbeDefinition = {
  name: 'logreg',
  summary: 'unpenalised logistic regression by the library ml-logistic-regression, for tasks of a few thousand clips',
  create: (context) => new LogregProbe(context),
};

export default definition;
