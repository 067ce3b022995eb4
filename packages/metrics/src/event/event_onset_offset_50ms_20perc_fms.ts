import { eventBasedScores } from '../event-matching.js';
import { eventMetric } from '../event-scores.js';

export default eventMetric(
  {
    name: 'event_onset_offset_50ms_20perc_fms',
    summary: 'Event F-measure in [0, 1]: right label, onset within 50 ms, offset within 50 ms or 20% of the length',
    maximize: true,
    range: [0, 1],
    score: 'f_measure',
  },
  (files) => eventBasedScores(files, { collar: 0.05, offsetShareOfLength: 0.2 }),
);
