import type { EventScores } from './event-scores.js';
import type { SceneScores } from './scene-scores.js';

/** What a metric says of itself; literal, so that reports and documentation can list it. */
export interface MetricDescription {
  /** HEAR's name for it, also the name of its file and of its test. */
  readonly name: string;
  /** One line for reports: what it measures, in which range. */
  readonly summary: string;
  /** Whether more is better. */
  readonly maximize: boolean;
}

/** A metric over whole clips: predictions `[n, labels]` against targets `[n, labels]`. */
export interface SceneMetric extends MetricDescription {
  readonly kind: 'scene';
  /** The score, or null where it is undefined for this input. */
  compute(scores: SceneScores): number | null;
}

/** A metric over sound events: a list of them for every file, against the annotated ones. */
export interface EventMetric extends MetricDescription {
  readonly kind: 'event';
  /** The score, or null where it is undefined for this input. */
  compute(scores: EventScores): number | null;
  /** The score by its own name (`f_measure`, `error_rate`) with the parts that it is made of. */
  details(scores: EventScores): Readonly<Record<string, number | null>>;
}

export type Metric = SceneMetric | EventMetric;

/** JSON, tables and comparisons have no use for NaN and infinity: such a score is undefined. */
export function definedOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
