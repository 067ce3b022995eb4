import type { Result } from '@hearken/results';
import { findResult, hashIdentity, type ResultPlace, writeResult } from '@hearken/results/internal/node';
import type { Task } from '@hearken/tasks';
import type { GroupCounts } from '@hearken/tasks/internal/node';
import { checkpointFolder, type FinishedTask } from './benchmark.js';
import type { ChosenSubset } from './choose-subset.node.js';
import type { ModelInUse } from './loaded-model.node.js';
import { type PreparedTask, prepareTask } from './prepare-task.node.js';
import type { RunContext } from './run-context.node.js';
import { scoreTask } from './score-task.node.js';

/**
 * Scores the model of a run on one task and writes the result, or finds it finished. Several processes
 * that need the same result share what each of them finishes, and the first one's result stays.
 *
 * @throws HearkenError for problems of the task, and if the result cannot be written; the abort signal's reason
 */
export async function runTask(whole: Task, use: ModelInUse, context: RunContext): Promise<FinishedTask> {
  const note = (message: string) => context.report({ kind: 'note', task: whole.id, message });
  return runPrepared(await prepareTask(whole, use, context, note), use, context, note);
}

/** {@link runTask} for a task that is prepared. */
export async function runPrepared(
  prepared: PreparedTask,
  use: ModelInUse,
  context: RunContext,
  note: (message: string) => void,
): Promise<FinishedTask> {
  const { task, identity, isDefault, journal } = prepared;
  const { model } = use;
  const { force, out } = context;
  const { place, finished: found } = await findFinished(prepared, use, context);
  if (found !== undefined && !force) {
    // A run may have been killed after it had written the result.
    await journal.remove().catch(() => undefined);
    return found;
  }
  for (const { path, problem } of place.damaged) {
    const stays =
      path === place.path ? 'will be computed again' : 'is kept as it is, and the new result gets a separate file';
    note(`result '${path}' ${stays}: ${problem.message}`);
  }
  if (force) await journal.remove();
  const kept = context.keepsModels ? { checkpoints: checkpointFolder(place.path) } : {};
  const finished = await scoreTask({ ...use, ...prepared, note, ...kept }, context);
  const written = await writeResult(out, identity, isDefault, finished, {
    model: model.named,
    replaced: place.existing,
  });
  // What stays of it is removed by the next run.
  await journal.remove().catch(() => undefined);
  return { task: task.id, model: model.name, ...written, reused: false };
}

/** Where the result of a task is, or will be, and the result if it is there. */
export async function findFinished(
  { task, identity, isDefault, subset }: PreparedTask,
  { model }: Pick<ModelInUse, 'model'>,
  { out }: Pick<RunContext, 'out'>,
): Promise<{ readonly place: ResultPlace; readonly finished: FinishedTask | undefined }> {
  const place = await findResult(out, identity, isDefault, model.named);
  const isFinished = place.existing !== undefined && hasSameGroups(place.existing, subset);
  if (!isFinished) return { place, finished: undefined };
  const { existing: result, path } = place;
  return { place, finished: { task: task.id, model: model.name, result: result!, path, reused: true } };
}

/** Groups affect no score and so are not part of a result's identity, but its intervals depend on them. */
function hasSameGroups({ groups }: Result, subset: ChosenSubset): boolean {
  // The name of the groups affects no number.
  const plain = (counts: GroupCounts | undefined) =>
    hashIdentity(counts === undefined ? null : { ...counts, by: null });
  return plain(groups) === plain(subset.groups?.counts);
}
