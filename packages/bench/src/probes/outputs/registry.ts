import type { PredictionType } from '@hearken/tasks';
import { multiclassOutput } from './multiclass.js';
import { multilabelOutput } from './multilabel.js';
import type { ProbeOutput } from './probe-output.js';
import { regressionOutput } from './regression.js';

const outputs: Readonly<Record<PredictionType, ProbeOutput>> = {
  multiclass: multiclassOutput,
  multilabel: multilabelOutput,
  regression: regressionOutput,
};

/** A probe's outputs for a prediction type. */
export function probeOutput({ predictionType }: { readonly predictionType: PredictionType }): ProbeOutput {
  return outputs[predictionType];
}
