import { TaskError } from '@hearken/core';
import type { Clip } from '@hearken/tasks';

/** The clip and time of each row of an event task. */
export interface RowClips {
  /** Index into the clips. */
  readonly clipOf: Uint32Array;
  /** Window centres in ms. */
  readonly timestamps: Float64Array;
}

/**
 * Reads heareval's list of `[file, timestamp]`. A file is a path that ends with the clip's name, in any folder.
 *
 * @param name the list's name in errors
 * @throws TaskError unless it has one pair for each row, names exactly the split's clips, and each clip's rows are
 *   consecutive with ascending timestamps
 */
export function assignRows(stamped: unknown, clips: readonly Clip[], rows: number, name: string): RowClips {
  const fail = (found: string) =>
    new TaskError({
      asked: `timestamps '${name}'`,
      found,
      fix: 'the embedding folder is damaged: embed the task again',
    });
  if (!Array.isArray(stamped)) throw fail('not a list');
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
    if (clip === undefined) throw fail(`'${file}' in entry ${row}, which is not a clip of the split`);
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
  if (missing >= 0) throw fail(`no rows of clip '${clips[missing].name}'`);
  return { clipOf, timestamps };
}

/** Clips by the ends of paths; the last path is cached, because rows of one clip are consecutive. */
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
