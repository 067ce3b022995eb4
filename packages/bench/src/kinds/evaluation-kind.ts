import type { FoldResult } from '@hearken/results';
import type { Metric } from '@hearken/metrics';
import type { EventAnswers, RegressionAnswers, SceneAnswers } from '@hearken/metrics/internal';
import type { Clip, TaskMetadata } from '@hearken/tasks';
import type { EmbeddedSplit } from '../embeddings/embedded-split.js';
import type { Scoring } from '../evaluation/scoring.js';
import type { Rows } from '../probes/rows.js';

type Common = 'test' | 'clips' | 'groups';

/** What was right and what was answered for the clips of one test split. */
export type KindAnswers = Omit<SceneAnswers, Common> | Omit<RegressionAnswers, Common> | Omit<EventAnswers, Common>;

/** A task as a kind needs it. */
export interface LabelledTask {
  readonly metadata: TaskMetadata;
  /** Labels by vocabulary index, or the targets of a regression task. */
  readonly labels: readonly string[];
}

/** The rows of a split: whose each is, and when. */
export type RowPlaces = Pick<EmbeddedSplit, 'clipOf' | 'timestamps'>;

/**
 * What an evaluation does differently for each kind of task: which targets rows have, how predictions are scored, and what
 * is kept of the answers. Everything in this package that differs between kinds is behind this interface;
 * `kinds/registry.ts` lists them.
 */
export interface EvaluationKind {
  /** What is right for some embedded rows. */
  targets(
    clips: readonly Clip[],
    labels: readonly string[],
    places: RowPlaces,
  ): Pick<EmbeddedSplit, 'targets' | 'values' | 'events'>;
  /**
   * How the task's predictions become scores.
   *
   * @param custom custom metrics
   * @throws TaskError for a metric of another kind, or one that the task lacks something for
   */
  scoring(task: LabelledTask, custom?: readonly Metric[]): Scoring;
  /** What is right for some rows, as numbers `[rows, outputs]`: a constant answer is their mean. */
  rightAnswers(rows: Rows): ArrayLike<number>;
  /** The answers of a test split, to be scored again and stored; undefined where a fold does not say how they were made. */
  answers(task: LabelledTask, rows: Rows, fold: FoldResult): KindAnswers | undefined;
  /** What a reader should know of a fold's predictions. */
  warnings(labels: readonly string[], train: Rows, fold: FoldResult): string[];
}
