import type { PlannedEntry, PlannedTask } from './dataset.js';
import { threeSplits, trainValidTest, type LabelledClip } from './planned-splits.js';

/** An audio task of one label a clip. */
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

/** The same, its splits made by group. */
export function dividedTask(
  name: string,
  description: string,
  labels: readonly string[],
  clips: readonly LabelledClip[],
  seed: number,
): PlannedTask {
  const made = `${description}; six tenths of the people train, two validate, two test (seed ${seed}).`;
  return multiclassTask(name, made, labels, trainValidTest(clips, seed));
}
