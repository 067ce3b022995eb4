import { areaUnderRoc } from '../ranked-answers.js';
import { rankingMetric } from '../ranking.js';

export default rankingMetric(
  {
    name: 'aucroc',
    summary: 'Area under the ROC curve in [0, 1], the mean over labels; undefined where a label has only one side',
    maximize: true,
    range: [0, 1],
  },
  areaUnderRoc,
  { isRocArea: true, perfectScoreWorth: 'clips' },
);
