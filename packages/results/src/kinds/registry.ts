import type { Metric } from '@hearken/metrics';
import { scoringKind, type TestAnswers } from '@hearken/metrics/internal';
import type { TaskMetadata } from '@hearken/tasks';
import { findTaskKind } from '@hearken/tasks/internal';
import { type EventEntry, storedEvents } from './event.js';
import { type RegressionEntry, storedNumbers } from './regression.js';
import { type SceneEntry, storedScenes } from './scene.js';
import type { StoredKind } from './stored-kind.js';

/** The answers in a line of a test clips file: everything about the clip except its name. */
export type ClipEntry = SceneEntry | RegressionEntry | EventEntry;

const storedKinds: Readonly<Record<Metric['kind'], StoredKind<TestAnswers, ClipEntry>>> = {
  scene: storedScenes,
  regression: storedNumbers,
  event: storedEvents,
};

/** The names of all kinds. */
export const storedKindNames: readonly string[] = Object.keys(storedKinds);

/** Whether each test clip of a task has one row of predictions per seed. */
export function hasRowPerClip(task: Pick<TaskMetadata, 'embeddingType' | 'predictionType'>): boolean {
  const kind = findTaskKind(task)?.name;
  return kind !== undefined && scoringKind({ kind }).hasRowPerClip;
}

/** How answers of a kind are stored. */
export function storedKind({ kind }: { readonly kind: Metric['kind'] }): StoredKind<TestAnswers, ClipEntry> {
  return storedKinds[kind];
}
