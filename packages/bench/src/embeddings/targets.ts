import { TaskError } from '@hearken/core';
import type { Clip } from '@hearken/tasks';

/** heareval lets an event hold a little longer than its end, so that a timestamp right on the end counts: in ms. */
const endMargin = 0.0001;

/** What a row of embeddings is labelled with: `[rows, labels]`, 1 where it has the label. */
export function sceneTargets(clips: readonly Clip[], labels: readonly string[]): Uint8Array {
  const indexOf = indexByLabel(labels);
  const targets = new Uint8Array(clips.length * labels.length);
  clips.forEach((clip, row) => {
    for (const label of clip.labels) targets[row * labels.length + indexOf(label, clip)] = 1;
  });
  return targets;
}

/** What is measured of the clips of a regression task: `[clips, targets]`, in the targets' own units. */
export function clipValues(clips: readonly Clip[], targets: readonly string[]): Float64Array {
  const values = new Float64Array(clips.length * targets.length);
  clips.forEach((clip, row) => {
    if (clip.values?.length !== targets.length) {
      throw new TaskError({
        asked: `clip '${clip.name}' of a regression task`,
        found: `${clip.values?.length ?? 0} values for ${targets.length} targets`,
        fix: `give one number each for ${targets.join(', ')}`,
      });
    }
    values.set(clip.values, row * targets.length);
  });
  return values;
}

/**
 * Labels of frames, as heareval gives them: a frame has the labels of the events that cover its timestamp,
 * `start <= t < end + 0.0001` in ms.
 *
 * @param clipOf index of each row's clip
 * @param timestamps each row's window centre in ms
 * @returns `[rows, labels]`
 */
export function eventTargets(
  clips: readonly Clip[],
  labels: readonly string[],
  clipOf: Uint32Array,
  timestamps: Float64Array,
): Uint8Array {
  const indexOf = indexByLabel(labels);
  const targets = new Uint8Array(timestamps.length * labels.length);
  for (let row = 0; row < timestamps.length; row += 1) {
    const clip = clips[clipOf[row]];
    for (const { start, end, label } of clip.events) {
      if (start <= timestamps[row] && timestamps[row] < end + endMargin) {
        targets[row * labels.length + indexOf(label, clip)] = 1;
      }
    }
  }
  return targets;
}

function indexByLabel(labels: readonly string[]): (label: string, clip: Clip) => number {
  const indices = new Map(labels.map((label, index) => [label, index]));
  return (label, clip) => {
    const index = indices.get(label);
    if (index !== undefined) return index;
    throw new TaskError({
      asked: `clip '${clip.name}'`,
      found: `label '${label}', which the vocabulary lacks`,
      fix: 'add it to labelvocabulary.csv',
    });
  };
}
