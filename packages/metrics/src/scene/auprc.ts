import { positiveLabelOf } from '../decisions.js';
import { averagePrecision, labelAverage } from '../ranking.js';
import { sceneMetric } from '../scene-scores.js';

export default sceneMetric(
  {
    name: 'auprc',
    summary:
      'Area under the precision-recall curve in [0, 1], as average precision: of the positive label of a binary task, else the mean over labels; undefined where a label has no positive clip',
    maximize: true,
  },
  (scores) => {
    const positive = positiveLabelOf(scores);
    const labels = positive === undefined ? [...scores.labels.keys()] : [positive];
    return labelAverage(scores, labels, (groups) =>
      groups.some(({ positives }) => positives > 0) ? averagePrecision(groups) : Number.NaN,
    );
  },
);
