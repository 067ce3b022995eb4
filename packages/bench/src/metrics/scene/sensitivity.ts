import { countAnswers, missingPositiveLabel, positiveLabelOf, reached } from '../decisions.js';
import { preparedSceneMetric } from '../scene-scores.js';
import { youdenThresholds } from '../thresholds.js';

export default preparedSceneMetric(
  {
    name: 'sensitivity',
    summary:
      'Sensitivity in [0, 1]: the share of the positive clips that are answered so, from a threshold chosen on validation',
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
        return counts.truePositives / (counts.truePositives + counts.falseNegatives);
      };
    },
  },
);
