import type { PlannedEntry, PlannedTask } from './dataset.js';
import { divideClips, type DivideOptions } from './divide-clips.js';
import { threeSplits, type LabelledClip } from './planned-splits.js';

/** An audio task with one label per clip. */
export function multiclassTask(
  name: string,
  description: string,
  labels: readonly string[],
  entries: readonly PlannedEntry[],
  evaluation: readonly string[] = ['aucroc', 'mAP', 'top1_acc', 'f1_macro'],
): PlannedTask {
  return {
    name,
    description,
    modality: 'audio',
    embeddingType: 'scene',
    predictionType: 'multiclass',
    splitMode: 'trainvaltest',
    splits: threeSplits,
    evaluation,
    labels,
    entries,
  };
}

/** The same, divided by group: into train, valid and test, or into folds if there are few groups. */
export function dividedTask(
  name: string,
  description: string,
  labels: readonly string[],
  clips: readonly LabelledClip[],
  options: DivideOptions,
): PlannedTask {
  const { warnings, ...division } = divideClips(clips, name, options);
  const made =
    division.splitMode === 'trainvaltest'
      ? 'six tenths of the groups train, two validate, two test'
      : `${division.splits.length} folds by group`;
  const text = `${description}; ${made} (seed ${options.seed}).`;
  return { ...multiclassTask(name, text, labels, division.entries), ...division, warnings };
}
