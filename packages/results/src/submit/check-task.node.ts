import { withoutClips } from '../result/left-out.js';
import type { TestAnswers } from '@hearken/metrics/internal';
import { storedKind } from '../kinds/registry.js';
import type { Result } from '../format/result.js';
import type { StoredAnswers } from '../answers/stored-answers.node.js';
import { taskContentHash } from '@hearken/tasks/node';
import { type Clip, dataSplits, type Task } from '@hearken/tasks';
import { leftOutTaskProblems } from './check-left-out.node.js';
import { shown } from '../format/shown.js';
import type { Problem } from './problem.js';

/** Hashing a task reads all of its clips, so it is done once for all results on it. */
const hashes = new WeakMap<Task, Map<string, Promise<string>>>();

/**
 * Checks a result and its stored test clips against the task itself, if available: its content, the clips of each test split,
 * and the correct answer for each of them.
 *
 * @param tasks by id
 * @throws TaskError or FileError if the task cannot be read
 */
export async function taskProblems(
  result: Result,
  { labels, answers }: StoredAnswers,
  tasks: ReadonlyMap<string, Task> | undefined,
): Promise<Problem[]> {
  const task = tasks?.get(result.task.id);
  if (task === undefined) return [];
  const { sampleRate, contentHash } = result.task;
  if (!task.sampleRates.includes(sampleRate)) {
    return [different('task.sampleRate', sampleRate, task.sampleRates.join(', '), task)];
  }
  const problems: Problem[] = [];
  const { leftOut = [], evaluation } = result;
  const hash = await hashOf(task, sampleRate, evaluation.skipUnreadable === true);
  if (hash !== contentHash) problems.push(different('task.contentHash', contentHash, hash, task));
  if (labels.length !== task.labels.length || labels.some((label, index) => label !== task.labels[index])) {
    problems.push(different('labels', labels.join(', '), task.labels.join(', '), task));
    return problems;
  }
  problems.push(...(await leftOutTaskProblems(result, task)));
  // In tests across devices, sites and the like, the columns of clips.csv decide which clips are tested.
  if (result.evaluation.generalization !== undefined) return problems;
  const splits = dataSplits(task).map(({ test }) => test);
  const wanted = splits.map((test) => test.join('|'));
  const found = answers.map(({ test }) => test);
  if (found.length !== wanted.length || found.some((test, index) => test !== wanted[index])) {
    problems.push(different('folds', shown(found), shown(wanted), task));
    return problems;
  }
  const whole = withoutClips(task, leftOut);
  answers.forEach((fold, index) => {
    const clips = splits[index].flatMap((split) => whole.splits.get(split) ?? []);
    problems.push(...foldProblems(fold, clips, labels));
  });
  return problems;
}

function hashOf(task: Task, sampleRate: number, allowMissing: boolean): Promise<string> {
  const known = hashes.get(task) ?? new Map<string, Promise<string>>();
  hashes.set(task, known);
  const key = `${sampleRate} ${allowMissing}`;
  const hash = known.get(key) ?? taskContentHash(task, [sampleRate], { allowMissing });
  known.set(key, hash);
  return hash;
}

function foldProblems(fold: TestAnswers, clips: readonly Clip[], labels: readonly string[]): Problem[] {
  const { test } = fold;
  const problem = (message: string): Problem[] => [
    { kind: 'score', fold: test, field: 'testClips', message: `fold ${shown(test)}: ${message}` },
  ];
  const byName = new Map(clips.map((clip) => [clip.name, clip]));
  const stored = new Set(fold.clips);
  const missing = clips.filter(({ name }) => !stored.has(name));
  if (missing.length > 0) {
    return problem(
      `${missing.length} of the task's ${clips.length} clips are missing, such as ${shown(missing[0].name)}`,
    );
  }
  const stranger = fold.clips.find((name) => !byName.has(name));
  if (stranger !== undefined) return problem(`clip ${shown(stranger)} is not in the task`);
  const wrong = fold.clips.findIndex(
    (name, index) => !storedKind(fold).isRight(fold, index, byName.get(name)!, labels),
  );
  return wrong < 0 ? [] : problem(`clip ${shown(fold.clips[wrong])} has different labels in the task`);
}

function different(field: string, stated: string | number, found: string | number, { id }: Task): Problem {
  const message = `${field} is ${shown(stated)}, but the task ${shown(id)} that was passed has ${shown(found)}`;
  return { kind: 'score', field, message, stated, recomputed: found };
}
