import { scoringKind } from '@hearken/metrics/internal';
import { extensionText } from '../extensions/extension-records.js';
import type { Result } from '../format/result.js';
import type { StoredAnswers } from '../answers/stored-answers.node.js';

/** What verifying proves of no result, in whole sentences: it takes the model and the task, and another run. */
export const neverChecked: readonly string[] = [
  'that the predictions are those of the model, checkpoint and options that are named: compute the result again to see it',
  "that labels and events are the task's, unless the task is passed with --tasks",
  'what the training alone knows: the configuration that won, validation scores, epochs, thresholds chosen on validation',
  'the machine, dates and durations, and the warnings of the run',
];

/**
 * What could not be checked of this result, in whole sentences.
 *
 * @param hasAllSeeds whether what every seed answered is stored
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
    ...(unhashed ? ['It states no hash of its predictions or test clips: it is of an earlier version.'] : []),
    ...(seeds === undefined || hasAllSeeds
      ? []
      : [
          `Predictions are stored of the first of ${seeds.length} seeds only: scores of the others, and intervals over all of them, are as stated.`,
        ]),
    ...extensions
      .filter(({ kind }) => kind === 'probe')
      .map((one) => `The predictions are those of ${extensionText(one)}: they are scored, not made again.`),
    ...(model.checkpointSha256 === null ? ['The model has no checkpoint.'] : []),
    ...(isEvent && predictions?.file === undefined
      ? ['Its predictions were left out: that they are finite probabilities, one row of each timestamp, is not seen.']
      : []),
    ...(isEvent ? ['Events are scored as they are stored: they are not made again of the predictions.'] : []),
    ...(folds.some(({ decision }) => decision !== undefined) && !isEvent
      ? ['Thresholds are taken as they are stated: that validation chose them is not seen.']
      : []),
    ...(bare.length > 0 ? [`It states no interval of ${bare.join(', ')}.`] : []),
  ];
}
