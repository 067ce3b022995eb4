import { fMeasure, noPositives } from '../f-measure.js';
import { preparedSceneMetric } from '../scene-scores.js';
import { fMeasureThresholds, unlessMulticlass } from '../thresholds.js';

export default preparedSceneMetric(
  {
    name: 'f1_micro',
    summary:
      'F-measure in [0, 1], over all labels together; for multilabel tasks with thresholds chosen on validation data',
    maximize: true,
    range: [0, 1],
  },
  {
    constantAnswer: 'every label',
    prepare: (scores) => fMeasure(scores, 'micro'),
    chooseThresholds: unlessMulticlass(fMeasureThresholds),
    undefinedBecause: noPositives,
  },
);
