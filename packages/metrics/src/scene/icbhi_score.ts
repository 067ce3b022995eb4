import { emptySide, icbhiMeasure, missingForIcbhi } from '../icbhi.js';
import { preparedSceneMetric } from '../scene-scores.js';

export default preparedSceneMetric(
  {
    name: 'icbhi_score',
    summary: 'ICBHI 2017 score in [0, 1]: the mean of its specificity and its sensitivity',
    maximize: true,
    range: [0, 1],
  },
  {
    missing: missingForIcbhi,
    undefinedBecause: emptySide('normal', 'abnormal'),
    prepare: (scores) => icbhiMeasure(scores, ({ specificity, sensitivity }) => (specificity + sensitivity) / 2),
  },
);
