import { answeredShare, missingPositiveLabel, weightedShare } from '../decisions.js';
import { preparedSceneMetric } from '../scene-scores.js';
import { youdenThresholds } from '../thresholds.js';

export default preparedSceneMetric(
  {
    name: 'ppv',
    summary:
      'Positive predictive value in [0, 1]: the share of right ones among the clips that are answered as positive, from a threshold chosen on validation; it depends on how many clips are positive',
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
