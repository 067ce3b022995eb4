import { missingPositiveLabel, sideShare, weightedShare } from '../decisions.js';
import { preparedSceneMetric } from '../scene-scores.js';
import { youdenThresholds } from '../thresholds.js';

export default preparedSceneMetric(
  {
    name: 'specificity',
    summary:
      'Specificity in [0, 1]: the share of negative clips that are predicted as negative, with a threshold chosen on validation data',
    maximize: true,
    range: [0, 1],
    isClinical: true,
  },
  {
    missing: missingPositiveLabel,
    chooseThresholds: youdenThresholds,
    thresholdRule: 'largest Youden index',
    share: (scores) => sideShare(scores, 'negative'),
    prepare: (scores) => weightedShare(sideShare(scores, 'negative')),
  },
);
