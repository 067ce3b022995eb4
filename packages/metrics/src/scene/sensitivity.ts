import { missingPositiveLabel, sideShare, weightedShare } from '../decisions.js';
import { preparedSceneMetric } from '../scene-scores.js';
import { youdenThresholds } from '../thresholds.js';

export default preparedSceneMetric(
  {
    name: 'sensitivity',
    summary:
      'Sensitivity in [0, 1]: the share of positive clips that are predicted as positive, with a threshold chosen on validation data',
    maximize: true,
    range: [0, 1],
    isClinical: true,
  },
  {
    missing: missingPositiveLabel,
    chooseThresholds: youdenThresholds,
    thresholdRule: 'largest Youden index',
    share: (scores) => sideShare(scores, 'positive'),
    prepare: (scores) => weightedShare(sideShare(scores, 'positive')),
  },
);
