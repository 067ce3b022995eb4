import type { Predictions, Validation } from '../probes/probe.js';
import type { Rows } from '../probes/rows.js';

/** How a task's predictions become scores: what is selected by on validation, and what is reported on test. */
export interface Scoring<Decision = unknown> {
  /** The validation of one training; a decision (event post-processing, thresholds) is made on it and applied to test unchanged. */
  validation(rows: Rows): Validation<Decision>;
  /** Test scores by metric. */
  test(predictions: Predictions, rows: Rows, decision: Decision): Record<string, number | null>;
}
