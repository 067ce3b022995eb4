import { TaskError } from '@hearken/core';
import type { Clip } from '@hearken/tasks';

/** Which clip and time each row of an event task is of. */
export interface RowClips {
  /** Index into the clips. */
  readonly clipOf: Uint32Array;
  /** Window centres in ms. */
  readonly timestamps: Float64Array;
}

/**
 * Reads heareval's list of `[file, timestamp]`. A file is a path that ends in the clip's name, in whatever folder it
 * was embedded.
 *
 * @param name what errors call the list
 * @throws TaskError where it is not one pair for each row, names a clip that the split lacks, leaves one out, or a
 *   clip's rows do not lie together with ascending timestamps
 */
export function assignRows(stamped: unknown, clips: readonly Clip[], rows: number, name: string): RowClips {
  const fail = (found: string) =>
    new TaskError({
      asked: `timestamps '${name}'`,
      found,
      fix: 'the embedding folder is damaged: embed the task again',
    });
  if (!Array.isArray(stamped)) throw fail('no list');
  if (stamped.length !== rows) throw fail(`${stamped.length} entries for ${rows} embeddings`);
  const indexOf = clipFinder(clips);
  const clipOf = new Uint32Array(rows);
  const timestamps = new Float64Array(rows);
  const seen = new Uint8Array(clips.length);
  stamped.forEach((entry: unknown, row) => {
    const [file, time] = Array.isArray(entry) && entry.length === 2 ? (entry as unknown[]) : [];
    if (typeof file !== 'string' || typeof time !== 'number' || !Number.isFinite(time)) {
      throw fail(`${JSON.stringify(entry).slice(0, 80)} as entry ${row}, not [file, timestamp in ms]`);
    }
    const clip = indexOf(file);
    if (clip === undefined) throw fail(`'${file}' in entry ${row}, a clip that the split lacks`);
    const same = row > 0 && clipOf[row - 1] === clip;
    if (!same && seen[clip] === 1) throw fail(`rows of clip '${clips[clip].name}' in two places, again at ${row}`);
    if (same && time <= timestamps[row - 1]) {
      throw fail(`${time} ms after ${timestamps[row - 1]} ms in clip '${clips[clip].name}', entry ${row}`);
    }
    seen[clip] = 1;
    clipOf[row] = clip;
    timestamps[row] = time;
  });
  const missing = seen.indexOf(0);
  if (missing >= 0) throw fail(`no row of clip '${clips[missing].name}'`);
  return { clipOf, timestamps };
}

/** Clips by the ends of paths; the last path is kept, since rows of one clip come together. */
function clipFinder(clips: readonly Clip[]): (file: string) => number | undefined {
  const indices = new Map(clips.map(({ name }, index) => [name, index]));
  const depths = [...new Set(clips.map(({ name }) => name.split('/').length))];
  let last: { file: string; index: number | undefined } | undefined;
  return (file) => {
    if (last?.file === file) return last.index;
    const parts = file.split(/[/\\]/);
    const index = depths
      .map((depth) => indices.get(parts.slice(-depth).join('/')))
      .find((found) => found !== undefined);
    last = { file, index };
    return index;
  };
}
