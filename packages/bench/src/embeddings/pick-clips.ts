import type { EmbeddedSplit } from './embedded-split.js';

/**
 * Some clips of a split, with their rows. Rows in memory are copied to shared memory, so that training threads need no
 * further copies; those in a file stay there.
 *
 * @param clips indices in the split, in ascending order
 * @returns the split itself if these are all its clips
 */
export function pickClips(split: EmbeddedSplit, clips: readonly number[]): EmbeddedSplit {
  if (clips.length === split.clipNames.length) return split;
  const newPlace = new Map(clips.map((clip, place) => [clip, place]));
  const rows = Uint32Array.from([...split.clipOf.keys()].filter((row) => newPlace.has(split.clipOf[row])));
  const outputs = split.count === 0 ? 0 : (split.values ?? split.targets).length / split.count;
  const targets = new Uint8Array(new SharedArrayBuffer(split.targets.length === 0 ? 0 : rows.length * outputs));
  copyRows(split.targets, targets, rows, outputs);
  return {
    ...pickEmbeddings(split, rows),
    count: rows.length,
    size: split.size,
    targets,
    ...(split.values === undefined ? {} : { values: pickValues(split.values, rows, outputs) }),
    clipNames: clips.map((clip) => split.clipNames[clip]),
    clipOf: Uint32Array.from(rows, (row) => newPlace.get(split.clipOf[row]) ?? 0),
    ...(split.timestamps === undefined ? {} : { timestamps: pickValues(split.timestamps, rows, 1) }),
    ...(split.events === undefined ? {} : { events: clips.map((clip) => split.events?.[clip] ?? []) }),
  };
}

function pickEmbeddings(
  { embeddings, stored, size }: EmbeddedSplit,
  rows: Uint32Array,
): Pick<EmbeddedSplit, 'embeddings' | 'stored'> {
  if (stored?.pick !== undefined) return { embeddings, stored: stored.pick(rows) };
  const picked = new Float32Array(new SharedArrayBuffer(rows.length * size * 4));
  if (stored === undefined) copyRows(embeddings, picked, rows, size);
  else rows.forEach((row, place) => stored.read(row, 1, picked, place * size));
  return { embeddings: picked };
}

function pickValues(values: Float64Array, rows: Uint32Array, width: number): Float64Array {
  const picked = new Float64Array(new SharedArrayBuffer(rows.length * width * 8));
  copyRows(values, picked, rows, width);
  return picked;
}

type Values = Float32Array | Float64Array | Uint8Array;

function copyRows(from: Values, to: Values, rows: Uint32Array, width: number): void {
  if (to.length === 0) return;
  rows.forEach((row, place) => {
    to.set(from.subarray(row * width, (row + 1) * width), place * width);
  });
}
