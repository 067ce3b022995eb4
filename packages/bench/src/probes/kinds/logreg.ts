import { OptionError } from '@hearken/core';
import { LogregProbe } from '../logreg/logreg-probe.js';
import { probeOutput } from '../outputs/registry.js';
import type { ProbeDefinition } from '../probe.js';

const definition: ProbeDefinition = {
  name: 'logreg',
  summary:
    'logistic regression without a penalty, by the library ml-logistic-regression; for tasks with up to a few thousand clips',
  create: (context) => {
    if (probeOutput(context).isClassification) return new LogregProbe(context);
    throw new OptionError({
      asked: "probe 'logreg' for a regression task",
      found: 'a probe for classes, which cannot predict numbers',
      fix: "choose 'mlp' or 'linear'",
    });
  },
};

export default definition;
