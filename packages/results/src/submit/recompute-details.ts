import { areaIntervals, isRocArea, meanParts, normalQuantile, scoreParts } from '@hearken/metrics/internal';
import { type DelongInterval, type Metric, metricByName, metricNames } from '@hearken/metrics';
import type { Result } from '../format/result.js';
import type { StoredAnswers } from '../answers/stored-answers.node.js';
import { isRecord } from '@hearken/core/internal';
import type { Comparison } from './comparison.js';

/**
 * Recomputes the details of scores: the area intervals of each label, and the parts of event scores.
 *
 * @param custom custom metrics
 */
export function recomputeDetails(
  { scores, folds, seeds }: Result,
  { labels, answers }: StoredAnswers,
  comparison: Comparison,
  custom: readonly Metric[],
): void {
  const known = Object.keys(scores).filter((name) => metricNames(custom).includes(name));
  for (const metric of known.filter((name) => isRocArea(metricByName(name, custom)))) {
    const { delong } = scores[metric];
    if (delong === undefined) continue;
    const areas = Object.entries(areaIntervals(answers, labels) ?? {}).map(([label, area]) => {
      // Results of earlier versions do not state the effective size behind an area.
      const isEarlier = area !== null && isRecord(delong[label]) && !Object.hasOwn(delong[label], 'size');
      return [label, isEarlier ? earlierInterval(area) : area] as const;
    });
    comparison.addAll({ metric, field: 'delong' }, delong, Object.fromEntries(areas));
  }
  const parts = answers.map((fold) => scoreParts(fold, known, labels, custom));
  if (parts.every((fold) => Object.keys(fold).length === 0)) return;
  folds.forEach(({ test, parts: stated }, index) => {
    if (stated !== undefined) comparison.addAll({ fold: test, field: 'parts' }, stated, parts[index]);
  });
  // The means are over the folds of all seeds, but only the first seed's events are stored.
  if (seeds !== undefined) return;
  for (const metric of known) {
    const stated = scores[metric].parts;
    const again = parts.flatMap((fold) => (Object.hasOwn(fold, metric) ? [fold[metric]] : []));
    if (stated === undefined || again.length === 0) continue;
    comparison.addAll({ metric, field: 'parts' }, stated, meanParts(again));
  }
}

/** An area's interval as computed by earlier versions: from the normal distribution, clipped to [0, 1]. */
function earlierInterval({ area, standardError, level }: DelongInterval): Omit<DelongInterval, 'size' | 'degrees'> {
  const reach = normalQuantile((1 + level) / 2) * standardError;
  return { area, standardError, low: Math.max(0, area - reach), high: Math.min(1, area + reach), level };
}
