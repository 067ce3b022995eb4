import { columnOf, positiveLabel } from '../decisions.js';
import { delongInterval, type DelongInterval, meanDelongInterval } from '../statistics/delong.js';
import { groupsOfClips } from './sampling-units.js';
import type { SceneAnswers } from '../kinds/answers.js';
import type { TestAnswers } from '../kinds/registry.js';

/** By label; null if a fold has fewer than two clips with or without the label. */
export type AreaIntervals = Readonly<Record<string, DelongInterval | null>>;

/**
 * DeLong intervals of the area under each label's ROC curve; for two classes, only of the positive one; for several
 * folds, of the mean area, because each fold has its own test clips.
 *
 * @param folds one probe seed's answers
 * @returns undefined for answers that are not scenes with labels
 */
export function areaIntervals(folds: readonly TestAnswers[], labels: readonly string[]): AreaIntervals | undefined {
  const scenes = folds.filter((fold) => fold.kind === 'scene');
  if (scenes.length === 0 || scenes.length < folds.length) return undefined;
  const { predictionType = 'multilabel', settings } = scenes[0].scoring ?? {};
  const binary = labels.length === 2 ? positiveLabel({ labels, predictionType }, settings) : undefined;
  const chosen = binary === undefined ? [...labels.keys()] : [binary];
  return Object.fromEntries(
    chosen.map((label) => [
      labels[label],
      meanDelongInterval(scenes.map((fold) => labelInterval(fold, label, labels.length))),
    ]),
  );
}

function labelInterval(fold: SceneAnswers, label: number, width: number): DelongInterval | null {
  const [scores, targets] = [columnOf(fold.predictions, label, width), columnOf(fold.targets, label, width)];
  return delongInterval(scores, targets, 0.95, groupsOfClips(fold));
}
