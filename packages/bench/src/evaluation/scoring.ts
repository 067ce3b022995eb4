import type { TaskMetadata } from '../tasks/task.js';
import type { Predictions, Validation } from '../probes/probe.js';
import type { Rows } from '../probes/rows.js';
import { eventScoring } from './event-scoring.js';
import { regressionScoring } from './regression-scoring.js';
import { sceneScoring } from './scene-scoring.js';

/** How a task's predictions become scores: what is selected by on validation, and what is reported on test. */
export interface Scoring<Decision = unknown> {
  /** The validation of one training; a decision (event post-processing, thresholds) is made on it and applied to test unchanged. */
  validation(rows: Rows): Validation<Decision>;
  /** Test scores by metric. */
  test(predictions: Predictions, rows: Rows, decision: Decision): Record<string, number | null>;
}

/** The scoring that a task asks for. */
export function taskScoring(metadata: TaskMetadata, labels: readonly string[]): Scoring {
  if (metadata.embeddingType === 'event') return eventScoring(metadata, labels);
  return metadata.predictionType === 'regression'
    ? regressionScoring(metadata, labels)
    : sceneScoring(metadata, labels);
}
