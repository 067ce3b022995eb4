import { HearkenError, TaskError } from '@hearken/core';
import { readStoredClip } from '@hearken/tasks/internal/node';
import type { Clip, Task } from '@hearken/tasks';
import type { LeftOutClip } from '../format/result.js';
import { maximumLeftOut } from '../format/result-schema.js';
import { mostLeftOut } from '../result/left-out.js';

/** Clips read at a time. */
const lanes = 4;

const maximumReason = 300;

/** What a model needs of a task's clips. */
export interface ReadingOptions {
  /** Sample rate, in Hz, of the clip folder to read. */
  readonly sampleRate: number;
  /** Channels that the model expects. */
  readonly channels: number;
  readonly abortSignal?: AbortSignal;
}

/**
 * Reads every clip of a task to find the unreadable ones: missing, damaged, or with a different length or rate than the task says.
 *
 * @returns the unreadable clips, in the order of the splits
 * @throws TaskError if a split has more than {@link mostLeftOut} of them; the abort signal's reason
 */
export async function findUnreadable(task: Task, options: ReadingOptions): Promise<LeftOutClip[]> {
  const found: LeftOutClip[] = [];
  for (const [split, clips] of task.splits) {
    found.push(...(await unreadableOf(task, split, clips, options)));
    if (found.length > maximumLeftOut) throw tooMany(task, split, clips, found);
  }
  return found;
}

async function unreadableOf(
  task: Task,
  split: string,
  clips: readonly Clip[],
  options: ReadingOptions,
): Promise<LeftOutClip[]> {
  const reasons = new Map<number, string>();
  const most = mostLeftOut(clips.length);
  const listed = () =>
    [...reasons]
      .sort(([left], [right]) => left - right)
      .map(([index, reason]) => ({ split, clip: clips[index].name, reason }));
  let next = 0;
  const readNext = async () => {
    while (next < clips.length && reasons.size <= most) {
      options.abortSignal?.throwIfAborted();
      const index = next++;
      const reason = await unreadableReason(task, split, clips[index], options);
      if (reason !== undefined) reasons.set(index, reason);
    }
  };
  await Promise.all(Array.from({ length: lanes }, readNext));
  if (reasons.size > most) throw tooMany(task, split, clips, listed());
  return listed();
}

/** Why a clip cannot be read; undefined if it can. */
export async function unreadableReason(
  task: Task,
  split: string,
  clip: Pick<Clip, 'name'>,
  { sampleRate, channels }: Pick<ReadingOptions, 'sampleRate' | 'channels'>,
): Promise<string | undefined> {
  try {
    await readStoredClip(task, split, clip, { sampleRate, channels });
    return undefined;
  } catch (error) {
    if (!(error instanceof TaskError)) throw error;
    // Results are shared, so the reason must not contain a path of this machine.
    const { found } = error.cause instanceof HearkenError ? error.cause : error;
    return (
      found
        .replaceAll(task.folder, '')
        .replace(/\p{Cc}+/gu, ' ')
        .slice(0, maximumReason)
        .trim() || 'not readable'
    );
  }
}

function tooMany({ id }: Task, split: string, clips: readonly Clip[], [first]: readonly LeftOutClip[]): TaskError {
  return new TaskError({
    asked: `task '${id}' without its unreadable clips`,
    found: `more than ${mostLeftOut(clips.length)} of the ${clips.length} clips in split '${split}' cannot be read, such as '${first.clip}' (${first.reason})`,
    fix: 'download or make the task again: so many unreadable clips suggest that it is incomplete',
  });
}
