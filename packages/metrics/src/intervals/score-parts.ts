import type { Metric } from '../metric.js';
import { metricByName } from '../registry.js';
import { meanOrNull } from './mean-or-null.js';
import { fileAnswers, type TestAnswers } from '../kinds/answers.js';
import { eventScores } from '../kinds/event.js';

/** What an event metric is made of, such as precision and recall. */
export type ScoreParts = Readonly<Record<string, number | null>>;

/** The parts of one fold's event scores, by metric; none for scenes. */
export function scoreParts(
  answers: TestAnswers,
  metrics: readonly string[],
  labels: readonly string[],
  custom: readonly Metric[] = [],
): Record<string, ScoreParts> {
  const parts: Record<string, ScoreParts> = {};
  for (const name of metrics) {
    const metric = metricByName(name, custom);
    if (metric.kind !== 'event' || answers.kind !== 'event') continue;
    const files = fileAnswers(answers);
    parts[name] = metric.details(eventScores(files, labels, [...files.keys()]));
  }
  return parts;
}

/** Means over folds of one metric's parts; null where one fold has none. */
export function meanParts(folds: readonly ScoreParts[]): ScoreParts {
  return Object.fromEntries(Object.keys(folds[0]).map((part) => [part, meanOrNull(folds.map((parts) => parts[part]))]));
}
