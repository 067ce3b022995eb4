/** What the validation rows decided for metrics of yes and no. */
export interface SceneDecision {
  /** By metric, from which probability on each label counts as answered. */
  readonly thresholds: Readonly<Record<string, readonly number[]>>;
}

/** The thresholds of a metric in a fold's decision; undefined where it needs none. */
export function thresholdsOf(decision: unknown, metric: string): readonly number[] | undefined {
  if (typeof decision !== 'object' || decision === null || !('thresholds' in decision)) return undefined;
  const { thresholds } = decision as SceneDecision;
  return Object.hasOwn(thresholds, metric) ? thresholds[metric] : undefined;
}
