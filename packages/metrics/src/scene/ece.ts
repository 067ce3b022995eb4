import { answeredClasses } from '../decisions.js';
import { areProbabilities, clipCount, isMulticlass, preparedSceneMetric } from '../scene-scores.js';
import type { SceneScores } from '../scores.js';

/** Number of equal parts of [0, 1]. */
const bins = 15;

export default preparedSceneMetric(
  {
    name: 'ece',
    summary:
      'Expected calibration error in [0, 1], 15 equal bins: of the highest-scored label (multiclass), or the mean over labels (multilabel)',
    maximize: false,
    range: [0, 1],
  },
  {
    perfectScoreWorth: 'clips',
    // C. Guo et al., "On Calibration of Modern Neural Networks" (2017), section 2: bins ((m - 1) / 15, m / 15].
    prepare(scores) {
      if (!areProbabilities(scores)) return () => Number.NaN;
      const columns = isMulticlass(scores)
        ? [topColumn(scores)]
        : scores.labels.map((_, label) => column(scores, label));
      const errors = columns.map(calibrationError);
      return (weights) => errors.reduce((sum, error) => sum + error(weights), 0) / errors.length;
    },
  },
);

/** Probabilities, and whether their prediction was correct. */
interface Column {
  readonly probabilities: Float64Array;
  readonly hits: Uint8Array;
}

function topColumn(scores: SceneScores): Column {
  const width = scores.labels.length;
  const answers = answeredClasses(scores);
  return {
    probabilities: Float64Array.from(answers, (label, clip) => scores.predictions[clip * width + label]),
    hits: Uint8Array.from(answers, (label, clip) => scores.targets[clip * width + label]),
  };
}

function column(scores: SceneScores, label: number): Column {
  const width = scores.labels.length;
  const count = clipCount(scores);
  return {
    probabilities: Float64Array.from({ length: count }, (_, clip) => scores.predictions[clip * width + label]),
    hits: Uint8Array.from({ length: count }, (_, clip) => scores.targets[clip * width + label]),
  };
}

/** The difference between mean probability and share of hits in each bin, weighted by the bin's clips. */
function calibrationError({ probabilities, hits }: Column): (weights: ArrayLike<number>) => number {
  const binOf = Uint8Array.from(probabilities, (value) => Math.min(bins, Math.max(1, Math.ceil(value * bins))) - 1);
  const gaps = Float64Array.from(probabilities, (value, clip) => value - hits[clip]);
  return (weights) => {
    const sums = new Float64Array(bins);
    let total = 0;
    for (let clip = 0; clip < gaps.length; clip += 1) {
      sums[binOf[clip]] += weights[clip] * gaps[clip];
      total += weights[clip];
    }
    return sums.reduce((error, sum) => error + Math.abs(sum), 0) / total;
  };
}
