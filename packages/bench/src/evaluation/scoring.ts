import type { Predictions, Validation } from '../probes/probe.js';
import type { Rows } from '../probes/rows.js';

/** How a task's predictions become scores: what to select by on validation data, and what to report on test data. */
export interface Scoring<Decision = unknown> {
  /**
   * The validation of one training; its decision (event post-processing, thresholds) is applied to test data unchanged.
   */
  validation(rows: Rows): Validation<Decision>;
  /** Test scores by metric. */
  test(predictions: Predictions, rows: Rows, decision: Decision): Record<string, number | null>;
}
