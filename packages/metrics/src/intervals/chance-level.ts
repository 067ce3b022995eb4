import type { Metric, TestAnswers } from '../kinds/registry.js';
import { scoringOf } from '../kinds/scoring.js';
import { metricByName } from '../registry.js';
import { meanOrNull } from '../statistics/summary.js';

/**
 * The score of giving every clip the same answer (`constantAnswers`) on the test clips: the chance level, or that of
 * the most common class. Mean over folds.
 *
 * - one label per clip: the label frequencies for every clip, so that the most common label is the answer and every
 *   ranking a tie;
 * - any number of labels: the same; F-measures and the predictive value predict every label, which scores more than
 *   none;
 * - numbers: the training mean;
 * - events: the labels that are present in more than half of the training frames, from each file's start to its last
 *   event.
 *
 * @param constants of each fold
 * @param custom metrics
 * @returns null if it is undefined
 */
export function chanceLevel(
  name: string,
  folds: readonly TestAnswers[],
  constants: readonly (readonly number[])[],
  labels: readonly string[],
  custom: readonly Metric[] = [],
): number | null {
  const metric = metricByName(name, custom);
  if (metric.chance !== undefined) return metric.chance;
  const scores = folds.map(
    (fold, index) => scoringOf(metric, fold)?.chance(metric, fold, constants[index], labels) ?? null,
  );
  return meanOrNull(scores);
}
