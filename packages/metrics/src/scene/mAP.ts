import { noPositives } from '../f-measure.js';
import { averagePrecision, macroAverage } from '../ranking.js';
import { sceneMetric } from '../scene-scores.js';

export default sceneMetric(
  {
    name: 'mAP',
    summary: 'Mean average precision in [0, 1]: the mean over labels, a label without positive clip counting 0',
    maximize: true,
  },
  (scores) => macroAverage(scores, averagePrecision),
  { undefinedBecause: noPositives },
);
