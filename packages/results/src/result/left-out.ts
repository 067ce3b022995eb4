import type { Task } from '@hearken/tasks';
import type { LeftOutClip } from '../format/result.js';
import { maximumLeftOut } from '../format/result-schema.js';

/** How many clips of a split may be left out: a quarter, but at least one of two or more. */
export function mostLeftOut(clips: number): number {
  return Math.min(maximumLeftOut, Math.max(Math.floor(clips / 4), clips > 1 ? 1 : 0));
}

/** A task without some of its clips. */
export function withoutClips(task: Task, leftOut: readonly LeftOutClip[]): Task {
  if (leftOut.length === 0) return task;
  const names = new Map<string, Set<string>>();
  for (const { split, clip } of leftOut) names.set(split, (names.get(split) ?? new Set<string>()).add(clip));
  const left = [...task.splits].map(
    ([split, clips]) => [split, clips.filter(({ name }) => names.get(split)?.has(name) !== true)] as const,
  );
  return { ...task, splits: new Map(left) };
}

/** How many clips a sentence names. */
const namedClips = 3;

/**
 * `2 of 24 clips could not be read and were left out: 'train/1.wav' (an empty file), ...`; undefined if there are none.
 */
export function leftOutText(leftOut: readonly LeftOutClip[], used: number): string | undefined {
  if (leftOut.length === 0) return undefined;
  const { length } = leftOut;
  const named = leftOut.slice(0, namedClips).map(({ split, clip, reason }) => `'${split}/${clip}' (${reason})`);
  const more = length > namedClips ? `, and ${length - namedClips} more` : '';
  return `${length} of ${used + length} clips could not be read and ${length === 1 ? 'was' : 'were'} left out: ${named.join(', ')}${more}`;
}
