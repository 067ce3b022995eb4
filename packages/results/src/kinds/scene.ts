import { isCinc2020Weights } from '@hearken/metrics';
import type { SceneAnswers } from '@hearken/metrics/internal';
import { isIndex, isListOf, isObject, isText } from '../answers/line-checks.js';
import type { StoredKind } from './stored-kind.js';

/** Labels of a whole clip. */
export interface SceneEntry {
  /** Indices of the clip's labels. */
  readonly labels: readonly number[];
}

export const storedScenes: StoredKind<SceneAnswers, SceneEntry> = {
  shared({ scoring }) {
    if (scoring?.predictionType === undefined) return {};
    const { predictionType, settings } = scoring;
    return { scoring: { predictionType, settings } };
  },
  // Absent in files of earlier versions.
  isShared: ({ scoring }) => scoring === undefined || isScoring(scoring),

  entries({ clips, targets }, labels) {
    const width = labels.length;
    const held = (clip: number) => Array.from(labels.keys()).filter((label) => targets[clip * width + label] === 1);
    return clips.map((_, clip) => ({ labels: held(clip) }));
  },
  isEntry: (line, labels) => isListOf(line.labels, (label) => isIndex(label, labels)),

  answers(clips, entries, { labels, predictions, scoring, thresholds }) {
    const targets = new Uint8Array(entries.length * labels.length);
    entries.forEach((entry, row) => {
      for (const label of entry.labels) targets[row * labels.length + label] = 1;
    });
    return {
      ...clips,
      kind: 'scene',
      targets,
      predictions,
      scoring: { ...scoring, ...(thresholds === undefined ? {} : { thresholds }) },
    };
  },
  ofSeed(answers, { predictions, thresholds }) {
    const { thresholds: _, ...scoring } = answers.scoring ?? {};
    return {
      ...answers,
      predictions,
      scoring: { ...scoring, ...(thresholds === undefined ? {} : { thresholds }) },
    };
  },

  isRight: ({ targets }, index, clip, labels) =>
    labels.every((label, at) => (targets[index * labels.length + at] === 1) === clip.labels.includes(label)),
};

function isScoring(value: unknown): boolean {
  if (!isObject(value) || (value.predictionType !== 'multiclass' && value.predictionType !== 'multilabel'))
    return false;
  const { settings } = value;
  if (settings === undefined) return true;
  if (!isObject(settings)) return false;
  const { positiveLabel = '', normalLabel = '', cinc2020Weights } = settings;
  return (
    isText(positiveLabel) &&
    isText(normalLabel) &&
    (cinc2020Weights === undefined || isCinc2020Weights(cinc2020Weights))
  );
}
