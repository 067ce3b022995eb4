import type { EventAnswers, RegressionAnswers, SceneAnswers } from '@hearken/metrics/internal';
import type { SceneAnswerScoring } from '@hearken/metrics';
import type { Clip } from '@hearken/tasks';

type Answers = SceneAnswers | RegressionAnswers | EventAnswers;

/** Which clips some answers are for. */
export type AnsweredClips = Pick<Answers, 'test' | 'clips' | 'groups'>;

/** What the first line of a file of test clips says besides the task. */
export interface SharedByClips {
  /** Scene tasks: what metrics need to know of the labels. */
  readonly scoring?: Pick<SceneAnswerScoring, 'predictionType' | 'settings'>;
}

/** What a fold's answers are made of, besides its test clips. */
export interface StoredFold extends SharedByClips {
  readonly labels: readonly string[];
  /** `[clips, labels]`; empty for kinds without a row of predictions per clip. */
  readonly predictions: Float32Array;
  /** By metric, what was chosen on the fold's validation. */
  readonly thresholds?: SceneAnswerScoring['thresholds'];
}

/**
 * How answers of one kind are stored beside a result: the lines of its file of test clips, and its predictions. Everything
 * in this package that differs between kinds is behind this interface; `kinds/registry.ts` lists them.
 */
export interface StoredKind<KindAnswers extends Answers, Entry extends object> {
  /** What the file's first line says of all clips. */
  shared(answers: KindAnswers): SharedByClips;
  /** Whether a file's first line says it as it should. */
  isShared(head: Readonly<Record<string, unknown>>): boolean;

  /** What is right for each clip of a fold and, without a row of predictions per clip, what was answered. */
  entries(answers: KindAnswers, labels: readonly string[]): Entry[];
  /** Whether a line of the file is such an entry. */
  isEntry(line: Readonly<Record<string, unknown>>, labels: number): boolean;

  /** The answers that the entries of a fold and its predictions give. */
  answers(clips: AnsweredClips, entries: readonly Entry[], fold: StoredFold): KindAnswers;
  /** The answers of another seed; undefined for kinds without a row of predictions per clip. */
  ofSeed(answers: KindAnswers, fold: Pick<StoredFold, 'predictions' | 'thresholds'>): KindAnswers | undefined;

  /** Whether what counts as right for a clip is what the task says. */
  isRight(answers: KindAnswers, index: number, clip: Clip, labels: readonly string[]): boolean;
}
