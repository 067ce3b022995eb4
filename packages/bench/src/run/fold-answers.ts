import type { EvaluationInput } from '../evaluation/evaluation-input.js';
import type { FoldResult } from '@hearken/results';
import { estimatedEvents } from '../kinds/event.js';
import { sceneSettings } from '../kinds/scene-settings.js';
import { type EventPostprocessing, type SceneAnswerScoring, thresholdsOf } from '@hearken/metrics';
import type { TestAnswers } from '@hearken/metrics/internal';
import { Rows } from '../probes/rows.js';
import { type DataSplit, dataSplits } from '@hearken/tasks';

/**
 * The answers to score and to score again on resamples; undefined where a fold is none of the task's, or one of an event
 * task does not say how its events were made.
 *
 * @param groupOf whose a clip of a split is; '' where it is unknown
 */
export function testAnswers(
  input: EvaluationInput,
  folds: readonly FoldResult[],
  groupOf?: (split: string, clip: string) => string,
): TestAnswers[] | undefined {
  const answers: TestAnswers[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (name: string) => {
    if (name === '') return -1;
    const known = numbers.get(name) ?? numbers.size;
    numbers.set(name, known);
    return known;
  };
  for (const fold of folds) {
    const tested = splitsOfFold(input, fold)?.test;
    if (tested === undefined) return undefined;
    const rows = new Rows(tested.map((name) => input.splits.get(name)!));
    const clips = rows.splits.flatMap(({ clipNames }) => clipNames);
    const groups = groupOf && {
      groups: tested.flatMap((name) => input.splits.get(name)!.clipNames.map((clip) => numberOf(groupOf(name, clip)))),
    };
    const { test, predictions } = fold;
    if (input.metadata.predictionType === 'regression') {
      answers.push({ kind: 'regression', test, clips, values: rows.values(), predictions, ...groups });
      continue;
    }
    if (input.metadata.embeddingType === 'scene') {
      const scoring = sceneAnswerScoring(input.metadata, fold.decision);
      answers.push({ kind: 'scene', test, clips, targets: rows.targets(), predictions, scoring, ...groups });
      continue;
    }
    const postprocessing = postprocessingOf(fold.decision);
    if (postprocessing === undefined) return undefined;
    const events = estimatedEvents(predictions, rows, input.labels, postprocessing);
    const reference = rows.splits.flatMap((split) => split.clipNames.map((_, clip) => split.events?.[clip] ?? []));
    const estimated = clips.map((clip) => events.get(clip) ?? []);
    answers.push({ kind: 'event', test, clips, reference, estimated, ...groups });
  }
  return answers;
}

function sceneAnswerScoring(metadata: EvaluationInput['metadata'], decision: unknown): SceneAnswerScoring {
  const chosen = metadata.evaluation.flatMap((name) => {
    const thresholds = thresholdsOf(decision, name);
    return thresholds === undefined ? [] : [[name, thresholds] as const];
  });
  return {
    predictionType: metadata.predictionType === 'multilabel' ? 'multilabel' : 'multiclass',
    settings: sceneSettings(metadata),
    ...(chosen.length === 0 ? {} : { thresholds: Object.fromEntries(chosen) }),
  };
}

/** The names of the splits that a fold trains, validates and tests on; undefined where it is none of the task's. */
export function splitsOfFold(input: EvaluationInput, { test }: Pick<FoldResult, 'test'>): DataSplit | undefined {
  return foldSplits(input).find((split) => split.test.join('|') === test);
}

/** The first draw's folds of an evaluation, in order. */
export function foldSplits({ metadata, splits, folds }: EvaluationInput): readonly DataSplit[] {
  const names = new Map([...splits.keys()].map((name) => [name, []]));
  return folds?.[0] ?? dataSplits({ id: metadata.taskName, metadata, splits: names });
}

function postprocessingOf(decision: unknown): EventPostprocessing | undefined {
  return typeof decision === 'object' && decision !== null && 'medianFilter' in decision
    ? (decision as EventPostprocessing)
    : undefined;
}
