import type { Metric } from '@hearken/metrics';
import { taskKind } from '@hearken/tasks/internal';
import type { TaskMetadata } from '@hearken/tasks';
import type { Scoring } from '../probes/probe.js';
import { eventEvaluation } from './event.js';
import type { EvaluationKind } from './evaluation-kind.js';
import { regressionEvaluation } from './regression.js';
import { sceneEvaluation } from './scene.js';

const evaluationKinds: Readonly<Record<Metric['kind'], EvaluationKind>> = {
  scene: sceneEvaluation,
  regression: regressionEvaluation,
  event: eventEvaluation,
};

/** What an evaluation does differently for this kind of task. */
export function evaluationKind(types: Pick<TaskMetadata, 'embeddingType' | 'predictionType'>): EvaluationKind {
  return evaluationKinds[taskKind(types).name];
}

/**
 * The scoring of a task.
 *
 * @param custom custom metrics
 * @throws TaskError for a metric of another kind, or one whose requirements the task does not meet
 */
export function taskScoring(metadata: TaskMetadata, labels: readonly string[], custom?: readonly Metric[]): Scoring {
  return evaluationKind(metadata).scoring({ metadata, labels }, custom);
}
