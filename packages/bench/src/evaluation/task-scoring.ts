import type { Metric } from '@hearken/metrics';
import type { TaskMetadata } from '@hearken/tasks';
import { eventScoring } from './event-scoring.js';
import { regressionScoring } from './regression-scoring.js';
import { sceneScoring } from './scene-scoring.js';
import type { Scoring } from './scoring.js';

/**
 * The scoring that a task asks for.
 *
 * @param own metrics beside Hearken's own
 */
export function taskScoring(metadata: TaskMetadata, labels: readonly string[], own: readonly Metric[] = []): Scoring {
  if (metadata.embeddingType === 'event') return eventScoring(metadata, labels, own);
  return metadata.predictionType === 'regression'
    ? regressionScoring(metadata, labels, own)
    : sceneScoring(metadata, labels, own);
}
