import type { DataSplit, TaskMetadata } from '@hearken/tasks';
import type { EmbeddedSplit } from '../embeddings/embedded-split.js';

/** What an evaluation needs from a task; nothing is on disk, so that it runs anywhere. */
export interface EvaluationInput {
  /** The task's metadata. */
  readonly metadata: TaskMetadata;
  /** Labels by vocabulary index. */
  readonly labels: readonly string[];
  /** The embedded splits by name. */
  readonly splits: ReadonlyMap<string, EmbeddedSplit>;
  /**
   * Which of the splits train, validate and test, if not as in heareval's `dataSplits`: the folds of each probe seed,
   * with the same test splits; seeds beyond the last use the last one's folds.
   */
  readonly folds?: readonly (readonly DataSplit[])[];
}
