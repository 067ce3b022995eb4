import { metricNames, type Metric } from '../metrics/index.js';
import { areaIntervals } from '../run/resampling/area-intervals.js';
import { meanParts, scoreParts } from '../run/resampling/score-parts.js';
import type { Result } from '../run/result.js';
import type { StoredAnswers } from '../run/stored-answers.node.js';
import type { Comparison } from './comparison.js';

/**
 * Computes again what stands beside scores: the areas' intervals of each label, and what event scores are made of.
 *
 * @param own metrics beside Hearken's own
 */
export function recomputeDetails(
  { scores, folds, seeds }: Result,
  { labels, answers }: StoredAnswers,
  comparison: Comparison,
  own: readonly Metric[],
): void {
  const { delong } = Object.hasOwn(scores, 'aucroc') ? scores.aucroc : {};
  if (delong !== undefined) {
    comparison.addAll({ metric: 'aucroc', field: 'delong' }, delong, areaIntervals(answers, labels));
  }
  if (!answers.some(({ kind }) => kind === 'event')) return;
  const metrics = Object.keys(scores).filter((name) => metricNames(own).includes(name));
  const parts = answers.map((fold) => scoreParts(fold, metrics, labels, own));
  folds.forEach(({ test, parts: stated }, index) => {
    if (stated !== undefined) comparison.addAll({ fold: test, field: 'parts' }, stated, parts[index]);
  });
  // The means are over all seeds' folds, whose events are stored of the first.
  if (seeds !== undefined) return;
  for (const metric of metrics) {
    const stated = scores[metric].parts;
    const again = parts.flatMap((fold) => (Object.hasOwn(fold, metric) ? [fold[metric]] : []));
    if (stated === undefined || again.length === 0) continue;
    comparison.addAll({ metric, field: 'parts' }, stated, meanParts(again));
  }
}
