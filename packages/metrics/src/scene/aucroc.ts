import { areaUnderRoc } from '../ranked-answers.js';
import { rankingMetric } from '../ranking.js';

export default rankingMetric(
  {
    name: 'aucroc',
    summary:
      'Area under the ROC curve in [0, 1], the mean over labels; undefined if a label has only positive or only negative clips',
    maximize: true,
    range: [0, 1],
  },
  areaUnderRoc,
  { isRocArea: true, perfectScoreWorth: 'clips' },
);
