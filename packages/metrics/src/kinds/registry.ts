import type { Metric } from '../metric.js';
import { metricByName } from '../registry.js';
import type { WeightedMetric } from '../intervals/weighted-metric.js';
import type { TestAnswers } from './answers.js';
import { eventKind } from './event.js';
import type { ScoringKind } from './kind.js';
import { regressionKind } from './regression.js';
import { sceneKind } from './scene.js';

/** How answers are scored, by the kind of their metrics. */
const scoringKinds: Readonly<Record<Metric['kind'], ScoringKind>> = {
  scene: sceneKind,
  regression: regressionKind,
  event: eventKind,
};

/** The names of all kinds. */
export const scoringKindNames = Object.keys(scoringKinds) as readonly Metric['kind'][];

/** How answers, or metrics, of a kind are scored. */
export function scoringKind({ kind }: { readonly kind: Metric['kind'] }): ScoringKind {
  return scoringKinds[kind];
}

/** How a metric scores some answers; undefined where it is not over answers of that kind. */
export function scoringOf(metric: Metric, answers: TestAnswers): ScoringKind | undefined {
  return metric.kind === answers.kind ? scoringKinds[metric.kind] : undefined;
}

/**
 * A metric on the answers of one fold.
 *
 * @throws TypeError for a metric that is not over answers of that kind
 */
export function weightedMetric(
  name: string,
  answers: TestAnswers,
  labels: readonly string[],
  custom: readonly Metric[] = [],
): WeightedMetric {
  const metric = metricByName(name, custom);
  const kind = scoringOf(metric, answers);
  if (kind === undefined) throw new TypeError(`metric ${name} does not go with ${answers.kind} answers`);
  return kind.weighted(metric, answers, labels);
}
