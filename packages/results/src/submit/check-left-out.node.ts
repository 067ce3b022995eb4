import { unreadableReason } from '../answers/find-unreadable.node.js';
import { mostLeftOut } from '../result/left-out.js';
import type { Result } from '../format/result.js';
import type { StoredAnswers } from '../answers/stored-answers.node.js';
import type { Task } from '@hearken/tasks';
import { shown } from '../format/shown.js';
import type { Problem } from './problem.js';

const problem = (message: string): Problem => ({ kind: 'score', field: 'leftOut', message });

/**
 * Checks the clips that a result says were left out against the rest of it: leaving out must have been requested, they must
 * be few, and none of them may be a test clip.
 */
export function leftOutProblems(
  { evaluation, leftOut, task }: Result,
  answers: StoredAnswers['answers'] | undefined,
): Problem[] {
  const isAsked = evaluation.skipUnreadable === true;
  if (isAsked !== (leftOut !== undefined)) {
    return [
      problem(
        `leftOut is ${isAsked ? 'missing' : 'present'}, but evaluation.skipUnreadable is ${isAsked ? 'true' : 'missing'}`,
      ),
    ];
  }
  if (leftOut === undefined) return [];
  const problems: Problem[] = [];
  const keys = new Set(leftOut.map(({ split, clip }) => keyOf(split, clip)));
  if (keys.size < leftOut.length) problems.push(problem('leftOut names a clip twice'));
  const all = task.clips + leftOut.length;
  // The limit for each split also holds for all together, except for the one clip that a small split may lack.
  if (leftOut.length > all / 2) problems.push(problem(`${leftOut.length} of ${all} clips are left out`));
  for (const { test, clips } of answers ?? []) {
    const tested = clips.find((clip) => keys.has(keyOf(test, clip)));
    if (tested !== undefined)
      problems.push(problem(`clip ${shown(tested)} of ${shown(test)} is left out, but also tested`));
  }
  return problems;
}

/**
 * Checks the clips that were left out against the task itself: it must have them, no split may lack too many, and they must
 * be unreadable.
 */
export async function leftOutTaskProblems(
  { leftOut = [], model, task: stated }: Result,
  task: Task,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const total = [...task.splits.values()].reduce((sum, clips) => sum + clips.length, 0);
  if (stated.clips + leftOut.length !== total) {
    const without = leftOut.length === 0 ? '' : ` and ${leftOut.length} left out`;
    problems.push(problem(`task.clips is ${stated.clips}${without}, but the task passed has ${total}`));
  }
  for (const [split, clips] of task.splits) {
    const ofSplit = leftOut.filter((one) => one.split === split);
    if (ofSplit.length > mostLeftOut(clips.length)) {
      problems.push(problem(`${ofSplit.length} of the ${clips.length} clips of ${shown(split)} are left out`));
    }
  }
  const { modality, leads } = task.metadata;
  // A forged channel count in the result could make any clip unreadable.
  const channels = modality === 'audio' ? 1 : leads.length === 0 ? model.channels : leads.length;
  const known = new Set([...task.splits].flatMap(([split, clips]) => clips.map(({ name }) => keyOf(split, name))));
  for (const { split, clip } of leftOut) {
    const named = `clip ${shown(clip)} of ${shown(split)} is left out`;
    if (!known.has(keyOf(split, clip))) {
      problems.push(problem(`${named}, but the task does not have it`));
    } else if (
      (await unreadableReason(task, split, { name: clip }, { sampleRate: stated.sampleRate, channels })) === undefined
    ) {
      problems.push(problem(`${named}, but it can be read`));
    }
  }
  return problems;
}

/** File names contain no line feeds. */
function keyOf(split: string, clip: string): string {
  return `${split}\n${clip}`;
}
