import { positiveLabelOf } from '../decisions.js';
import { averagePrecision, hasPositive } from '../ranked-answers.js';
import { rankingMetric } from '../ranking.js';

export default rankingMetric(
  {
    name: 'auprc',
    summary:
      'Area under the precision-recall curve in [0, 1], as average precision: of the positive label for binary tasks, else the mean over labels; undefined if a label has no positive clip',
    maximize: true,
    range: [0, 1],
  },
  (...ranked) => (hasPositive(...ranked) ? averagePrecision(...ranked) : Number.NaN),
  {
    labels(scores) {
      const positive = positiveLabelOf(scores);
      return positive === undefined ? [...scores.labels.keys()] : [positive];
    },
  },
);
