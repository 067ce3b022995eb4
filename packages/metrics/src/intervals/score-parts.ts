import type { Metric } from '../metric.js';
import { metricByName } from '../registry.js';
import { meanOrNull } from './mean-or-null.js';
import type { TestAnswers } from '../kinds/answers.js';
import { scoringOf } from '../kinds/registry.js';

/** What an event metric is made of, such as precision and recall. */
export type ScoreParts = Readonly<Record<string, number | null>>;

/** The parts of one fold's scores, by metric; metrics over events have some. */
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

/** Means over folds of one metric's parts; null where one fold has none. */
export function meanParts(folds: readonly ScoreParts[]): ScoreParts {
  return Object.fromEntries(Object.keys(folds[0]).map((part) => [part, meanOrNull(folds.map((parts) => parts[part]))]));
}
