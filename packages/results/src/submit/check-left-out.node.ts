import { unreadableReason } from '../answers/find-unreadable.node.js';
import { mostLeftOut } from '../result/left-out.js';
import type { Result } from '../format/result.js';
import type { StoredAnswers } from '../answers/stored-answers.node.js';
import type { Task } from '@hearken/tasks';
import { shown } from '../format/shown.js';
import type { Problem } from './problem.js';

const problem = (message: string): Problem => ({ kind: 'score', field: 'leftOut', message });

/**
 * Holds the clips that a result says were left out against the rest of it: that they were to be, that there are few of them,
 * and that none of them is among the test clips.
 */
export function leftOutProblems(
  { evaluation, leftOut, task }: Result,
  answers: StoredAnswers['answers'] | undefined,
): Problem[] {
  const isAsked = evaluation.skipUnreadable === true;
  if (isAsked !== (leftOut !== undefined)) {
    return [problem(`leftOut is ${isAsked ? 'missing' : 'there'}, evaluation.skipUnreadable is ${shown(isAsked)}`)];
  }
  if (leftOut === undefined) return [];
  const problems: Problem[] = [];
  const keys = new Set(leftOut.map(({ split, clip }) => keyOf(split, clip)));
  if (keys.size < leftOut.length) problems.push(problem('leftOut names a clip twice'));
  const all = task.clips + leftOut.length;
  // What holds of every split holds of all together, but for the one clip that a small one may lack.
  if (leftOut.length > all / 2) problems.push(problem(`${leftOut.length} of ${all} clips are left out`));
  for (const { test, clips } of answers ?? []) {
    const tested = clips.find((clip) => keys.has(keyOf(test, clip)));
    if (tested !== undefined) problems.push(problem(`clip ${shown(tested)} of ${shown(test)} is left out, and tested`));
  }
  return problems;
}

/**
 * Holds the clips that were left out against the task itself: that it has them, that no split lacks too many, and that they
 * cannot be read.
 */
export async function leftOutTaskProblems(
  { leftOut = [], model, task: stated }: Result,
  task: Task,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const total = [...task.splits.values()].reduce((sum, clips) => sum + clips.length, 0);
  if (stated.clips + leftOut.length !== total) {
    const without = leftOut.length === 0 ? '' : ` and ${leftOut.length} left out`;
    problems.push(problem(`task.clips is ${stated.clips}${without}, the task that was passed has ${total}`));
  }
  for (const [split, clips] of task.splits) {
    const ofSplit = leftOut.filter((one) => one.split === split);
    if (ofSplit.length > mostLeftOut(clips.length)) {
      problems.push(problem(`${ofSplit.length} of the ${clips.length} clips of ${shown(split)} are left out`));
    }
  }
  const { modality, leads } = task.metadata;
  // What the result says of its model could make any clip unreadable.
  const channels = modality === 'audio' ? 1 : leads.length === 0 ? model.channels : leads.length;
  const known = new Set([...task.splits].flatMap(([split, clips]) => clips.map(({ name }) => keyOf(split, name))));
  for (const { split, clip } of leftOut) {
    const named = `clip ${shown(clip)} of ${shown(split)} is left out`;
    if (!known.has(keyOf(split, clip))) {
      problems.push(problem(`${named}, which the task does not have`));
    } else if (
      (await unreadableReason(task, split, { name: clip }, { sampleRate: stated.sampleRate, channels })) === undefined
    ) {
      problems.push(problem(`${named}, and can be read`));
    }
  }
  return problems;
}

/** No file name holds a line feed. */
function keyOf(split: string, clip: string): string {
  return `${split}\n${clip}`;
}
