import type { FoldResult } from '@hearken/results';
import type { Metric } from '@hearken/metrics';
import type { EventAnswers, RegressionAnswers, SceneAnswers } from '@hearken/metrics/internal';
import type { Clip, TaskMetadata } from '@hearken/tasks';
import type { EmbeddedSplit } from '../embeddings/embedded-split.js';
import type { Scoring } from '../probes/probe.js';
import type { Rows } from '../probes/rows.js';

type Common = 'test' | 'clips' | 'groups';

/** The correct and predicted answers for the clips of one test split. */
export type KindAnswers = Omit<SceneAnswers, Common> | Omit<RegressionAnswers, Common> | Omit<EventAnswers, Common>;

/** The part of a task that a kind needs. */
export interface LabelledTask {
  readonly metadata: TaskMetadata;
  /** Labels by vocabulary index, or the targets of a regression task. */
  readonly labels: readonly string[];
}

/** The clip and time of each row of a split. */
export type RowPlaces = Pick<EmbeddedSplit, 'clipOf' | 'timestamps'>;

/**
 * What an evaluation does differently for each kind of task: targets of rows, scoring of predictions, and which answers
 * are stored. Everything in this package that differs between kinds is behind this interface; `kinds/registry.ts` lists
 * the implementations.
 */
export interface EvaluationKind {
  /** The targets of some embedded rows. */
  targets(
    clips: readonly Clip[],
    labels: readonly string[],
    places: RowPlaces,
  ): Pick<EmbeddedSplit, 'targets' | 'values' | 'events'>;
  /**
   * How the task's predictions become scores.
   *
   * @param custom custom metrics
   * @throws TaskError for a metric of another kind, or one whose requirements the task does not meet
   */
  scoring(task: LabelledTask, custom?: readonly Metric[]): Scoring;
  /** The targets of some rows as numbers `[rows, outputs]`: a constant answer is their mean. */
  rightAnswers(rows: Rows): ArrayLike<number>;
  /**
   * The answers of a test split, for scoring again and storing; undefined if a fold does not say how they were made.
   */
  answers(task: LabelledTask, rows: Rows, fold: FoldResult): KindAnswers | undefined;
  /** Warnings about a fold's predictions. */
  warnings(labels: readonly string[], train: Rows, fold: FoldResult): string[];
}
