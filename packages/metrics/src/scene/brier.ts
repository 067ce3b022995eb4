import { areProbabilities, isMulticlass, preparedSceneMetric } from '../scene-scores.js';

export default preparedSceneMetric(
  {
    name: 'brier',
    summary:
      'Brier score, 0 at best: mean squared error of the probabilities; summed over the classes if there are more than two (at most 2), the mean over labels for multilabel tasks (at most 1)',
    maximize: false,
    range: [0, 2],
    intervalScale: 'log',
  },
  {
    // G. W. Brier, Monthly Weather Review 78 (1950); halved for two classes, as scikit-learn's `brier_score_loss` does.
    prepare(scores) {
      if (!areProbabilities(scores)) return () => Number.NaN;
      const { predictions, targets, labels } = scores;
      const width = labels.length;
      const divisor = isMulticlass(scores) ? (width === 2 ? 2 : 1) : width;
      const errors = new Float64Array(targets.length / width);
      for (let index = 0; index < targets.length; index += 1) {
        errors[Math.floor(index / width)] += (predictions[index] - targets[index]) ** 2 / divisor;
      }
      return (weights) => {
        let sum = 0;
        let total = 0;
        for (let clip = 0; clip < errors.length; clip += 1) {
          sum += weights[clip] * errors[clip];
          total += weights[clip];
        }
        return sum / total;
      };
    },
  },
);
