import type { RegressionAnswers } from '@hearken/metrics/internal';
import { isFiniteNumber, isListOf } from '../answers/line-checks.js';
import type { StoredKind } from './stored-kind.js';

/** The true values of a clip. */
export interface RegressionEntry {
  /** One number for each target. */
  readonly values: readonly number[];
}

export const storedNumbers: StoredKind<RegressionAnswers, RegressionEntry> = {
  shared: () => ({}),
  isShared: () => true,

  entries({ clips, values }, labels) {
    const width = labels.length;
    return clips.map((_, clip) => ({ values: [...values.subarray(clip * width, (clip + 1) * width)] }));
  },
  isEntry: ({ values }, labels) => isListOf(values, isFiniteNumber) && (values as readonly number[]).length === labels,

  answers: (clips, entries, { predictions }) => ({
    ...clips,
    kind: 'regression',
    values: Float64Array.from(entries.flatMap(({ values }) => values)),
    predictions,
  }),
  ofSeed: (answers, { predictions }) => ({ ...answers, predictions }),

  isRight({ values }, index, clip, labels) {
    const width = labels.length;
    return clip.values?.length === width && clip.values.every((value, at) => value === values[index * width + at]);
  },
};
