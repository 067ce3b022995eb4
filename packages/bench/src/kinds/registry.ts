import type { Metric } from '@hearken/metrics';
import type { TaskMetadata } from '@hearken/tasks';
import { eventScoring } from './event.js';
import { regressionScoring } from './regression.js';
import { sceneScoring } from './scene.js';
import type { Scoring } from '../evaluation/scoring.js';

/**
 * The scoring that a task asks for.
 *
 * @param custom custom metrics
 */
export function taskScoring(
  metadata: TaskMetadata,
  labels: readonly string[],
  custom: readonly Metric[] = [],
): Scoring {
  if (metadata.embeddingType === 'event') return eventScoring(metadata, labels, custom);
  return metadata.predictionType === 'regression'
    ? regressionScoring(metadata, labels, custom)
    : sceneScoring(metadata, labels, custom);
}
