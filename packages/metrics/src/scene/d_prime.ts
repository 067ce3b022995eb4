import { normalQuantile } from '../normal-quantile.js';
import { areaUnderRoc } from '../ranked-answers.js';
import { rankingMetric } from '../ranking.js';

export default rankingMetric(
  {
    name: 'd_prime',
    summary:
      "Sensitivity index d', the mean over labels; undefined if a label is ranked perfectly, or has only positive or only negative clips",
    maximize: true,
    range: [-Infinity, Infinity],
  },
  // d' = sqrt(2) * quantile(AUC) for each label, and then the mean, as in heareval; the mean AUC would give another
  // value.
  (...ranked) => Math.SQRT2 * normalQuantile(areaUnderRoc(...ranked)),
);
