import type { EmbeddedSplit } from '../embeddings/embedded-split.js';
import type { Clip } from '@hearken/tasks';
import { PythonRandom } from './python-random.js';

/** A split of an embedding folder, and the clips in its JSON. */
export interface OrderedSplit {
  readonly split: EmbeddedSplit;
  readonly clips: readonly Clip[];
}

/**
 * Puts the rows of an embedding folder into the order of the splits' JSON, as in `hearken run`: probes that are trained
 * in batches score slightly differently if the order changes.
 *
 * Rows of event tasks say which clip they belong to. Rows of scene tasks do not: they are assumed to be in heareval's
 * shuffled order with seed 0 if every row of every split then has the labels of its clip; otherwise their order is not
 * changed.
 *
 * @param splits in the order in which the folder was written, as the metadata names them
 * @param labels by index
 * @returns the same splits; reordered scene rows have their clips' names
 */
export function inClipOrder(
  splits: ReadonlyMap<string, OrderedSplit>,
  labels: readonly string[],
): Map<string, EmbeddedSplit> {
  const random = new PythonRandom(0);
  const orders = [...splits.values()].map(({ split, clips }) => {
    if (split.timestamps !== undefined) return orderOfClips(split);
    const rows = [...clips.keys()];
    random.shuffle(rows);
    return rows.every((clip, row) => hasLabels(split, row, clips[clip], labels)) ? inverse(rows) : undefined;
  });
  const isKnown = orders.every((order) => order !== undefined);
  return new Map(
    [...splits].map(([name, { split, clips }], index) => {
      const order = orders[index];
      return [name, isKnown && order !== undefined ? reordered(split, order, clips) : split];
    }),
  );
}

/** The rows clip by clip, in their given order within a clip. */
function orderOfClips({ clipOf, count }: EmbeddedSplit): number[] {
  return Array.from({ length: count }, (_, row) => row).sort(
    (one, other) => clipOf[one] - clipOf[other] || one - other,
  );
}

function inverse(order: readonly number[]): number[] {
  const places = new Array<number>(order.length);
  order.forEach((clip, row) => (places[clip] = row));
  return places;
}

function hasLabels({ targets }: EmbeddedSplit, row: number, clip: Clip, labels: readonly string[]): boolean {
  return labels.every((label, index) => targets[row * labels.length + index] === Number(clip.labels.includes(label)));
}

/** @param order the row for each position */
function reordered(split: EmbeddedSplit, order: readonly number[], clips: readonly Clip[]): EmbeddedSplit {
  const { size, count } = split;
  const outputs = count === 0 ? 0 : split.targets.length / count;
  const embeddings = new Float32Array(split.embeddings.length);
  const targets = new Uint8Array(split.targets.length);
  order.forEach((row, place) => {
    embeddings.set(split.embeddings.subarray(row * size, (row + 1) * size), place * size);
    targets.set(split.targets.subarray(row * outputs, (row + 1) * outputs), place * outputs);
  });
  if (split.timestamps === undefined) {
    const clipNames = clips.map(({ name }) => name);
    return { ...split, embeddings, targets, clipNames, clipOf: Uint32Array.from(clipNames.keys()) };
  }
  const { timestamps, clipOf } = split;
  return {
    ...split,
    embeddings,
    targets,
    clipOf: Uint32Array.from(order, (row) => clipOf[row]),
    timestamps: timestamps.slice().map((_, place) => timestamps[order[place]]),
  };
}
