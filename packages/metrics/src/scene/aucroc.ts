import { areaUnderRoc, macroAverage } from '../ranking.js';
import { sceneMetric } from '../scene-scores.js';

export default sceneMetric(
  {
    name: 'aucroc',
    summary: 'Area under the ROC curve in [0, 1], the mean over labels; undefined where a label has only one side',
    maximize: true,
  },
  (scores) => macroAverage(scores, areaUnderRoc),
);
