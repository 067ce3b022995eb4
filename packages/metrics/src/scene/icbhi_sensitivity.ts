import { emptySide, icbhiMeasure, icbhiShare, missingForIcbhi } from '../icbhi.js';
import { preparedSceneMetric } from '../scene-scores.js';

export default preparedSceneMetric(
  {
    name: 'icbhi_sensitivity',
    summary: 'ICBHI 2017 sensitivity in [0, 1]: the share of abnormal clips whose exact class is predicted',
    maximize: true,
    range: [0, 1],
    isClinical: true,
  },
  {
    missing: missingForIcbhi,
    undefinedBecause: emptySide('abnormal'),
    share: (scores) => icbhiShare(scores, 'abnormal'),
    prepare: (scores) => icbhiMeasure(scores, ({ sensitivity }) => sensitivity),
  },
);
