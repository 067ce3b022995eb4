import { hearTasks } from '@hearken/tasks';

/** What is published about a task, independent of any result. */
export interface KnownTask {
  /** Number of clips in all splits. */
  readonly clips: number;
  /** Number of labels in the vocabulary. */
  readonly labels?: number;
  /** Number of test splits. */
  readonly folds: number;
  readonly embeddingType: string;
  readonly predictionType: string;
  /** The deciding metric. */
  readonly metric: string;
  /** The source, for messages. */
  readonly source: string;
}

/**
 * Relative tolerance for the number of clips: published counts are not always those of the archives, which have lost or gained
 * clips since.
 */
export const countTolerance = 0.02;

const known: ReadonlyMap<string, KnownTask> = new Map(
  hearTasks.flatMap((task) => {
    const { clips, labels, folds, embeddingType, predictionType, metric } = task;
    // For tasks with several folders, only the total number of clips is published.
    if (task.folders.length !== 1) return [];
    const source = "HEAR's catalogue";
    const facts = { clips, folds, embeddingType, predictionType, metric, source };
    return [[task.folders[0].id, labels === undefined ? facts : { ...facts, labels }] as const];
  }),
);

/** What is published about the task with this id; undefined if it is unknown. */
export function knownTask(id: string): KnownTask | undefined {
  return known.get(id);
}
