import { noPositives } from '../f-measure.js';
import { averagePrecision } from '../ranked-answers.js';
import { rankingMetric } from '../ranking.js';

export default rankingMetric(
  {
    name: 'mAP',
    summary: 'Mean average precision in [0, 1]: the mean over labels; a label without positive clips counts as 0',
    maximize: true,
    range: [0, 1],
  },
  averagePrecision,
  { undefinedBecause: noPositives },
);
