import { emptySide, icbhiMeasure, icbhiShare, missingForIcbhi } from '../icbhi.js';
import { preparedSceneMetric } from '../scene-scores.js';

export default preparedSceneMetric(
  {
    name: 'icbhi_specificity',
    summary: 'ICBHI 2017 specificity in [0, 1]: the share of normal clips that are predicted as normal',
    maximize: true,
    range: [0, 1],
    isClinical: true,
  },
  {
    missing: missingForIcbhi,
    undefinedBecause: emptySide('normal'),
    share: (scores) => icbhiShare(scores, 'normal'),
    prepare: (scores) => icbhiMeasure(scores, ({ specificity }) => specificity),
  },
);
