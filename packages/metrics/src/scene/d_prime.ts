import { normalQuantile } from '../normal-quantile.js';
import { areaUnderRoc, macroAverage } from '../ranking.js';
import { sceneMetric } from '../scene-scores.js';

export default sceneMetric(
  {
    name: 'd_prime',
    summary: "Sensitivity index d', the mean over labels; undefined where a label is ranked perfectly or has one side",
    maximize: true,
  },
  // d' = sqrt(2) * quantile(AUC) of each label, and then the mean: heareval's order, which the mean AUC does not give.
  (scores) => macroAverage(scores, (groups) => Math.SQRT2 * normalQuantile(areaUnderRoc(groups))),
);
