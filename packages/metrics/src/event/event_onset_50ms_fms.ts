import { eventBasedScores } from '../event-matching.js';
import { eventMetric } from '../event-scores.js';

export default eventMetric(
  {
    name: 'event_onset_50ms_fms',
    summary: 'Event F-measure in [0, 1]: right label, onset within 50 ms',
    maximize: true,
    range: [0, 1],
    score: 'f_measure',
  },
  (files) => eventBasedScores(files, { collar: 0.05 }),
);
