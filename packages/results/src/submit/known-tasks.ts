import { hearTasks } from '@hearken/tasks';

/** What is known of a task from its publication, whoever computed a result on it. */
export interface KnownTask {
  /** Clips of all splits, and whether that is of this folder alone. */
  readonly clips: number;
  /** Entries of the label vocabulary. */
  readonly labels?: number;
  /** Test splits. */
  readonly folds: number;
  readonly embeddingType: string;
  readonly predictionType: string;
  /** The metric that decides. */
  readonly metric: string;
  /** Where this is from. */
  readonly source: string;
}

/**
 * Counts on web pages are not always those of the archives, which lost or gained a clip since: by so much they may differ
 * before a result is not of that task.
 */
export const countTolerance = 0.02;

const known: ReadonlyMap<string, KnownTask> = new Map(
  hearTasks.flatMap((task) => {
    const { clips, labels, folds, embeddingType, predictionType, metric } = task;
    // The clips of a task in several folders are counted together.
    if (task.folders.length !== 1) return [];
    const source = "HEAR's catalogue";
    const facts = { clips, folds, embeddingType, predictionType, metric, source };
    return [[task.folders[0].id, labels === undefined ? facts : { ...facts, labels }] as const];
  }),
);

/** What is known of a task by its id; undefined for a task that the registry lacks. */
export function knownTask(id: string): KnownTask | undefined {
  return known.get(id);
}
