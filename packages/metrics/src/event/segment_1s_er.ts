import { segmentBasedErrorRate } from '../event-segments.js';
import { eventMetric } from '../event-scores.js';

export default eventMetric(
  {
    name: 'segment_1s_er',
    summary: 'Error rate of the labels active in each second: 0 at best, without upper bound',
    maximize: false,
    range: [0, Infinity],
    intervalScale: 'log',
    score: 'error_rate',
  },
  (files, labels) => segmentBasedErrorRate(files, labels, 1),
);
