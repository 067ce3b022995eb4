import type { EmbeddedSplit } from '../embeddings/embedded-split.js';
import { dataSplits, type TaskMetadata } from '@hearken/tasks';
import { counted, type Warning } from './warning.js';

/** A task's labels as they are in the splits' rows. */
export interface LabelledTask {
  readonly id: string;
  readonly metadata: TaskMetadata;
  readonly labels: readonly string[];
  readonly splits: ReadonlyMap<string, Pick<EmbeddedSplit, 'targets'>>;
}

/** Labels in a test or validation split that are missing in its training splits: no probe can learn them. */
export function unseenLabels({ id, metadata, labels, splits }: LabelledTask): Warning[] {
  const present = new Map([...splits].map(([split, { targets }]) => [split, labelsOf(targets, labels.length)]));
  const unseen = new Map<number, string>();
  for (const { train, valid, test } of dataSplits({
    id,
    metadata,
    splits: new Map([...splits.keys()].map((key) => [key, []])),
  })) {
    for (let label = 0; label < labels.length; label += 1) {
      const has = (names: readonly string[]) => names.find((name) => present.get(name)?.[label] === 1);
      const where = has([...test, ...valid]);
      if (where !== undefined && has(train) === undefined && !unseen.has(label)) unseen.set(label, where);
    }
  }
  if (unseen.size === 0) return [];
  const [[label, split]] = unseen;
  return [
    {
      code: 'label-not-in-training',
      message: `task '${id}': ${counted(unseen.size, 'label')} of ${labels.length} never in the training data of a split that tests or validates with it, the first '${labels[label]}' of '${split}'; they cannot be learned there`,
    },
  ];
}

/** 1 for each label of a row. */
function labelsOf(targets: Uint8Array, count: number): Uint8Array {
  const present = new Uint8Array(count);
  for (let index = 0; index < targets.length; index += 1) if (targets[index] !== 0) present[index % count] = 1;
  return present;
}
