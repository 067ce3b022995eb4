import type { Metric } from '@hearken/metrics';
import type { PredictionType, TaskMetadata } from '../task.js';
import { eventTask } from './event.js';
import { regressionTask } from './regression.js';
import { sceneTask } from './scene.js';
import type { TaskKind } from './task-kind.js';

type Typed = Pick<TaskMetadata, 'embeddingType' | 'predictionType'>;

/** All kinds of tasks. */
const taskKinds: Readonly<Record<Metric['kind'], TaskKind>> = {
  scene: sceneTask,
  regression: regressionTask,
  event: eventTask,
};

/** Each `embedding_type` that a kind has. */
export const embeddingTypes = [...new Set(Object.values(taskKinds).map(({ embeddingType }) => embeddingType))];

/** Each `prediction_type` that a kind has. */
export const predictionTypes = [
  ...new Set(Object.values(taskKinds).flatMap(({ defaultMetrics }) => Object.keys(defaultMetrics) as PredictionType[])),
];

/** The kind of a task; undefined if its two types cannot be combined. */
export function findTaskKind({ embeddingType, predictionType }: Typed): TaskKind | undefined {
  return Object.values(taskKinds).find(
    (kind) => kind.embeddingType === embeddingType && kind.defaultMetrics[predictionType] !== undefined,
  );
}

/**
 * The kind of a task whose metadata was checked.
 *
 * @throws TypeError for types that cannot be combined
 */
export function taskKind(types: Typed): TaskKind {
  const kind = findTaskKind(types);
  if (kind === undefined) throw new TypeError(`no kind of ${types.predictionType} ${types.embeddingType} tasks`);
  return kind;
}
