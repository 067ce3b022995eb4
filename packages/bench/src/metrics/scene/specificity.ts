import { countAnswers, missingPositiveLabel, positiveLabelOf, reached } from '../decisions.js';
import { preparedSceneMetric } from '../scene-scores.js';
import { youdenThresholds } from '../thresholds.js';

export default preparedSceneMetric(
  {
    name: 'specificity',
    summary:
      'Specificity in [0, 1]: the share of the other clips that are not answered as positive, from a threshold chosen on validation',
    maximize: true,
  },
  {
    missing: missingPositiveLabel,
    chooseThresholds: youdenThresholds,
    prepare(scores) {
      const label = positiveLabelOf(scores);
      if (label === undefined) return () => Number.NaN;
      const answered = reached(scores);
      return (weights) => {
        const counts = countAnswers(scores, answered, label, weights);
        return counts.trueNegatives / (counts.trueNegatives + counts.falsePositives);
      };
    },
  },
);
