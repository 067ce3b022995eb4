import { answeredShare, missingPositiveLabel, weightedShare } from '../decisions.js';
import { preparedSceneMetric } from '../scene-scores.js';
import { youdenThresholds } from '../thresholds.js';

export default preparedSceneMetric(
  {
    name: 'ppv',
    summary:
      'Positive predictive value in [0, 1]: the share of positive clips among those predicted as positive, with a threshold chosen on validation data; depends on how many clips are positive',
    maximize: true,
    range: [0, 1],
    isClinical: true,
  },
  {
    constantAnswer: 'every label',
    missing: missingPositiveLabel,
    chooseThresholds: youdenThresholds,
    thresholdRule: 'largest Youden index',
    share: answeredShare,
    prepare: (scores) => weightedShare(answeredShare(scores)),
  },
);
