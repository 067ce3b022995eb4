import type { EmbeddedSplit } from '../embeddings/embedded-split.js';
import type { DataSplit, TaskMetadata } from '@hearken/tasks';

/** What an evaluation needs of a task: nothing on disk, so that it runs anywhere. */
export interface EvaluationInput {
  /** What the task says of itself. */
  readonly metadata: TaskMetadata;
  /** Labels by vocabulary index. */
  readonly labels: readonly string[];
  /** The embedded splits by name. */
  readonly splits: ReadonlyMap<string, EmbeddedSplit>;
  /**
   * Which of the splits train, validate and test, where that is not heareval's `dataSplits`: the folds of each probe
   * seed, which test the same ones; a seed beyond the last has the last one's.
   */
  readonly folds?: readonly (readonly DataSplit[])[];
}
