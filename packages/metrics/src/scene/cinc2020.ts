import { cinc2020Score, cinc2020Thresholds, missingForCinc2020, nothingToGain } from '../cinc2020-score.js';
import { preparedSceneMetric } from '../scene-scores.js';
import { unlessMulticlass } from '../thresholds.js';

export default preparedSceneMetric(
  {
    name: 'cinc2020',
    summary:
      'PhysioNet/CinC challenge 2020: 1 if every diagnosis is right, 0 for always predicting sinus rhythm; can be negative',
    maximize: true,
    range: [-Infinity, 1],
  },
  {
    prepare: cinc2020Score,
    chooseThresholds: unlessMulticlass(cinc2020Thresholds),
    missing: missingForCinc2020,
    undefinedBecause: nothingToGain,
  },
);
