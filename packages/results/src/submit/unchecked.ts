import { scoringKind } from '@hearken/metrics/internal';
import { extensionText } from '../extensions/extension-records.js';
import type { Result } from '../format/result.js';
import type { StoredAnswers } from '../answers/stored-answers.node.js';

/** What verification can never prove, as it takes the model, the task and another run. */
export const neverChecked: readonly string[] = [
  'that the predictions come from the stated model, checkpoint and options: compute the result again to check',
  "that labels and events are the task's, unless the task is passed with --tasks",
  'what only the training knows: the winning configuration, validation scores, epochs, thresholds chosen on validation',
  'the machine, dates and durations, and the warnings from the run',
];

/**
 * What could not be checked for this result.
 *
 * @param hasAllSeeds whether the answers of every seed are stored
 */
export function uncheckedOf(
  { predictions, testClips, seeds, model, extensions = [], folds, scores }: Result,
  answers: StoredAnswers['answers'] | undefined,
  hasAllSeeds = false,
): string[] {
  const unhashed = [predictions, testClips].some((file) => file !== null && file?.sha256 === undefined);
  const isEvent = answers?.some((fold) => !scoringKind(fold).hasRowPerClip) === true;
  const bare = Object.keys(scores).filter((metric) => (scores[metric].interval as unknown) === undefined);
  return [
    ...(unhashed ? ['the predictions or test clips: an earlier version wrote the result, without their hash.'] : []),
    ...(seeds === undefined || hasAllSeeds
      ? []
      : [
          `scores of all seeds but the first, and intervals over all ${seeds.length} seeds: only the first seed's predictions are stored.`,
        ]),
    ...extensions
      .filter(({ kind }) => kind === 'probe')
      .map((one) => `the predictions of ${extensionText(one)}: they are scored, but not recomputed.`),
    ...(model.checkpointSha256 === null ? ['the checkpoint: the model has none.'] : []),
    ...(isEvent && predictions?.file === undefined
      ? ['that the predictions are finite probabilities, with one row per timestamp: they are not stored.']
      : []),
    ...(isEvent ? ['the events: they are scored as stored, and not recomputed from the predictions.'] : []),
    ...(folds.some(({ decision }) => decision !== undefined) && !isEvent
      ? ['that the thresholds were chosen on validation: they are taken as stated.']
      : []),
    ...(bare.length > 0 ? [`intervals of ${bare.join(', ')}: the result states none.`] : []),
  ];
}
