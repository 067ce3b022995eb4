import { countAnswers, decisions } from '../decisions.js';
import { isMulticlass, preparedSceneMetric } from '../scene-scores.js';
import { unlessMulticlass, youdenThresholds } from '../thresholds.js';

export default preparedSceneMetric(
  {
    name: 'balanced_accuracy',
    summary:
      "Balanced accuracy in [0, 1]: the share of right answers for each class's clips, the mean over classes; for multilabel tasks the mean of sensitivity and specificity, over labels",
    maximize: true,
    range: [0, 1],
  },
  {
    chooseThresholds: unlessMulticlass(youdenThresholds),
    prepare(scores) {
      const answered = decisions(scores);
      const multiclass = isMulticlass(scores);
      return (weights) => {
        let sum = 0;
        let labels = 0;
        for (let label = 0; label < scores.labels.length; label += 1) {
          const counts = countAnswers(scores, answered, label, weights);
          const positives = counts.truePositives + counts.falseNegatives;
          const negatives = counts.trueNegatives + counts.falsePositives;
          // A class without clips does not count, as in scikit-learn.
          if (multiclass && positives === 0) continue;
          const sensitivity = counts.truePositives / positives;
          sum += multiclass ? sensitivity : (sensitivity + counts.trueNegatives / negatives) / 2;
          labels += 1;
        }
        return sum / labels;
      };
    },
  },
);
