import type { EventAnswers, RegressionAnswers, SceneAnswers } from '@hearken/metrics/internal';
import type { SceneAnswerScoring } from '@hearken/metrics';
import type { Clip } from '@hearken/tasks';

type Answers = SceneAnswers | RegressionAnswers | EventAnswers;

/** The clips that answers are for. */
export type AnsweredClips = Pick<Answers, 'test' | 'clips' | 'groups'>;

/** What the first line of a test clips file says in addition to the task. */
export interface SharedByClips {
  /** Scene tasks: what metrics need to know about the labels. */
  readonly scoring?: Pick<SceneAnswerScoring, 'predictionType' | 'settings'>;
}

/** What is needed to restore a fold's answers, in addition to its test clips. */
export interface StoredFold extends SharedByClips {
  readonly labels: readonly string[];
  /** `[clips, labels]`; empty for kinds without one row of predictions per clip. */
  readonly predictions: Float32Array;
  /** By metric, the thresholds chosen on the fold's validation data. */
  readonly thresholds?: SceneAnswerScoring['thresholds'];
}

/**
 * How answers of one kind are stored next to a result: the lines of its test clips file, and its predictions. Everything in
 * this package that differs between kinds is behind this interface; `kinds/registry.ts` lists the implementations.
 */
export interface StoredKind<KindAnswers extends Answers, Entry extends object> {
  /** What the first line of the file says about all clips. */
  shared(answers: KindAnswers): SharedByClips;
  /** Whether that part of a first line is valid. */
  isShared(head: Readonly<Record<string, unknown>>): boolean;

  /** The correct answer for each clip of a fold and, without one row of predictions per clip, also the model's answer. */
  entries(answers: KindAnswers, labels: readonly string[]): Entry[];
  /** Whether a line of the file is a valid entry. */
  isEntry(line: Readonly<Record<string, unknown>>, labels: number): boolean;

  /** Restores the answers of a fold from its entries and predictions. */
  answers(clips: AnsweredClips, entries: readonly Entry[], fold: StoredFold): KindAnswers;
  /** The answers of another seed; undefined for kinds without one row of predictions per clip. */
  ofSeed(answers: KindAnswers, fold: Pick<StoredFold, 'predictions' | 'thresholds'>): KindAnswers | undefined;

  /** Whether the stored correct answer for a clip is that of the task. */
  isRight(answers: KindAnswers, index: number, clip: Clip, labels: readonly string[]): boolean;
}
