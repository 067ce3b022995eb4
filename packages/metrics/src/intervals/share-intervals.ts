import type { ClipShare } from '../metric.js';
import type { Metric } from '../kinds/registry.js';
import { adjustedSize, shareInterval } from '../statistics/share-interval.js';
import type { SamplingUnits } from './sampling-units.js';
import type { ScoreInterval } from './score-interval.js';
import type { TestAnswers } from '../kinds/registry.js';
import { scoringOf } from '../kinds/scoring.js';

/** Each fold's clips that a share is of; undefined if the metric is not a share, or no clip of a fold counts. */
export function foldShares(
  metric: Metric,
  folds: readonly TestAnswers[],
  labels: readonly string[],
): readonly ClipShare[] | undefined {
  const shares = folds.flatMap((answers) => {
    const kind = scoringOf(metric, answers);
    if (kind?.areFinite(answers) !== true) return [];
    const share = kind.share(metric, answers, labels);
    return share?.counted.includes(1) === true ? [share] : [];
  });
  return shares.length === folds.length && folds.length > 0 ? shares : undefined;
}

/**
 * The interval of the mean over folds of shares of correct clips: exact for the independent clips of one fold. With
 * several folds, clips count according to their weight in the mean (L. Kish, "Survey Sampling", 1965, section 11.2).
 * With groups, the clips are worth the number of independent ones given by the variance over groups, and at most their
 * number.
 */
export function shareOfFolds(shares: readonly ClipShare[], units: SamplingUnits, level: number): ScoreInterval | null {
  const weights = shares.map(({ counted }) => 1 / (shares.length * counted.reduce((sum, one) => sum + one, 0)));
  let [share, squares] = [0, 0];
  shares.forEach(({ counted, right }, fold) => {
    share += weights[fold] * right.reduce((sum, one) => sum + one, 0);
    squares += weights[fold] ** 2 * counted.reduce((sum, one) => sum + one, 0);
  });
  // Sums of weights differ in the last digits.
  share = Math.min(1, Math.max(0, Math.round(share * 1e12) / 1e12));
  if (units.kind === 'clips') {
    const bounds = shareInterval(share, 1 / squares, level);
    return { ...bounds, level, samples: 0, method: 'clopper-pearson', over: 'clips' };
  }
  const [errorOf, weightOf] = [new Float64Array(units.count), new Float64Array(units.count)];
  shares.forEach(({ counted, right }, fold) => {
    units.ofClips[fold].forEach((unit, clip) => {
      errorOf[unit] += weights[fold] * counted[clip] * (right[clip] - share);
      weightOf[unit] += weights[fold] * counted[clip];
    });
  });
  const groups = weightOf.filter((weight) => weight > 0).length;
  if (groups < 2) return null;
  const size =
    share === 0 || share === 1
      ? // Nothing shows how similar the clips of a group are: each group counts once.
        1 / weightOf.reduce((sum, weight) => sum + weight ** 2, 0)
      : adjustedSize(Math.min(1 / squares, (share * (1 - share)) / groupVariance(errorOf, groups)), groups - 1, level);
  return { ...shareInterval(share, size, level), level, samples: 0, method: 'korn-graubard', over: 'groups' };
}

function groupVariance(sums: Float64Array, groups: number): number {
  return (sums.reduce((total, sum) => total + sum ** 2, 0) * groups) / (groups - 1);
}
