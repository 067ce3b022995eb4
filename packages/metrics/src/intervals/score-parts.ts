import type { Metric, TestAnswers } from '../kinds/registry.js';
import { metricByName } from '../registry.js';
import type { ScoreParts } from '../kinds/kind.js';
import { meanOrNull } from '../statistics/summary.js';
import { scoringOf } from '../kinds/scoring.js';

/** The parts of one fold's scores, by metric; event metrics have some. */
export function scoreParts(
  answers: TestAnswers,
  metrics: readonly string[],
  labels: readonly string[],
  custom: readonly Metric[] = [],
): Record<string, ScoreParts> {
  const parts: Record<string, ScoreParts> = {};
  for (const name of metrics) {
    const metric = metricByName(name, custom);
    const found = scoringOf(metric, answers)?.parts(metric, answers, labels);
    if (found !== undefined) parts[name] = found;
  }
  return parts;
}

/** Means over folds of one metric's parts; null if a fold has none. */
export function meanParts(folds: readonly ScoreParts[]): ScoreParts {
  return Object.fromEntries(Object.keys(folds[0]).map((part) => [part, meanOrNull(folds.map((parts) => parts[part]))]));
}
