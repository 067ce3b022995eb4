import { TaskError, type Embedder } from '@hearken/core';
import type { Task, TaskMetadata } from '@hearken/tasks';

/** Whether an embedder takes a task's signals: audio, or the same number of leads. */
export function fits(
  { modality, leads }: Pick<TaskMetadata, 'modality' | 'leads'>,
  { channels }: Pick<Embedder, 'channels'>,
): boolean {
  return modality === 'audio' ? channels === 1 : leads.length === 0 || leads.length === channels;
}

/**
 * Refuses a task whose signals the model cannot take, before anything is read.
 *
 * @throws TaskError
 */
export function checkFits(
  task: Pick<Task, 'id' | 'metadata'>,
  embedder: Pick<Embedder, 'channels' | 'provenance'>,
): void {
  if (fits(task.metadata, embedder)) return;
  const { modality, leads } = task.metadata;
  const audio = embedder.channels === 1;
  const { plugin, model } = embedder.provenance;
  throw new TaskError({
    asked: `task '${task.id}' with ${plugin}:${model}`,
    found: `${modality === 'audio' ? 'audio' : `${leads.length}-lead ECGs`} for ${audio ? 'an audio model' : `a model of ${embedder.channels}-lead ECGs`}`,
    fix: 'choose a model or a task of the other kind',
  });
}
