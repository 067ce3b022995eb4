import { metricByName } from '../registry.js';
import type { WeightedMetric } from '../intervals/weighted-metric.js';
import type { ScoringKind } from './kind.js';
import { type Metric, scoringKinds, type TestAnswers } from './registry.js';

/** How answers, or metrics, of a kind are scored. */
export function scoringKind({ kind }: { readonly kind: Metric['kind'] }): ScoringKind<TestAnswers, Metric> {
  return scoringKinds[kind];
}

/** How a metric scores some answers; undefined if it is for another kind of answers. */
export function scoringOf(metric: Metric, answers: TestAnswers): ScoringKind<TestAnswers, Metric> | undefined {
  return metric.kind === answers.kind ? scoringKinds[metric.kind] : undefined;
}

/**
 * A metric on the answers of one fold.
 *
 * @throws TypeError for a metric of another kind of answers
 */
export function weightedMetric(
  name: string,
  answers: TestAnswers,
  labels: readonly string[],
  custom: readonly Metric[] = [],
): WeightedMetric {
  const metric = metricByName(name, custom);
  const kind = scoringOf(metric, answers);
  if (kind === undefined) throw new TypeError(`metric ${name} cannot score ${answers.kind} answers`);
  return kind.weighted(metric, answers, labels);
}
