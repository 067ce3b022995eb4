/** What was decided on validation rows for binary metrics. */
export interface SceneDecision {
  /** By metric, the probability from which each label counts as predicted. */
  readonly thresholds: Readonly<Record<string, readonly number[]>>;
}

/** The thresholds of a metric in a fold's decision; undefined if it needs none. */
export function thresholdsOf(decision: unknown, metric: string): readonly number[] | undefined {
  if (typeof decision !== 'object' || decision === null || !('thresholds' in decision)) return undefined;
  const { thresholds } = decision as SceneDecision;
  return Object.hasOwn(thresholds, metric) ? thresholds[metric] : undefined;
}
