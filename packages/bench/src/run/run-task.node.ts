import { checkFits } from '../embeddings/check-fits.js';
import {
  evaluationIdentity,
  type LeftOutClip,
  modelIdentity,
  usedExtensions,
  withoutClips,
} from '@hearken/results/internal';
import { taskManifest } from '@hearken/artifacts/node';
import { chooseSampleRate } from '@hearken/tasks/node';
import type { Task } from '@hearken/tasks';
import { defaultEvaluation, type FinishedTask } from './benchmark.js';
import { findResult, findUnreadable, hashIdentity, writeResult } from '@hearken/results/internal/node';
import type { EvaluationIdentity, RunIdentity } from '@hearken/results/node';
import { trainingRecords } from './training-records.node.js';
import type { LoadedModel, ModelInUse } from './loaded-model.node.js';
import type { RunContext } from './run-context.node.js';
import type { Result } from '@hearken/results';
import type { GroupCounts } from '@hearken/tasks/internal/node';
import { chooseSubset, type ChosenSubset } from './choose-subset.node.js';
import { scoreTask } from './score-task.node.js';

/**
 * Scores the model of a run on one task and writes the result, or finds it finished. Several processes
 * that need the same result share what each of them finishes, and the first one's result stays.
 *
 * @throws HearkenError for problems of the task, and if the result cannot be written; the abort signal's reason
 */
export async function runTask(whole: Task, use: ModelInUse, context: RunContext): Promise<FinishedTask> {
  const { model, trainFraction } = use;
  const { abortSignal, evaluation, force, out, report, skipUnreadable } = context;
  abortSignal?.throwIfAborted();
  // Only the clips at the sample rate that is read affect the score.
  const sampleRate = chooseSampleRate(whole, model.description.sampleRate);
  const manifest = await taskManifest(whole, [sampleRate], {
    folder: context.cache.manifests,
    allowMissing: skipUnreadable,
    abortSignal,
  });
  const { contentHash } = manifest;
  const leftOut = skipUnreadable ? await leaveOut(whole, model, abortSignal) : undefined;
  const task = withoutClips(whole, leftOut ?? []);
  const subset = await chooseSubset(task, { ...context, trainFraction });
  const { records: extensions } = usedExtensions(context.extensions, task.metadata.evaluation, evaluation.probe);
  const identity: RunIdentity = {
    model: modelIdentity(model.description.provenance),
    task: { id: task.id, contentHash },
    evaluation: evaluationIdentity({ ...evaluation, ...subset.identity, skipUnreadable, extensions }),
  };
  const note = (message: string) => report({ kind: 'note', task: task.id, message });
  const journal = trainingRecords(context.artifacts, identity, (path) => {
    note(`finished work: '${path}' is damaged and will be computed again`);
  });
  const isDefault = context.isDefaultModel && isDefaultEvaluation(identity.evaluation);
  const place = await findResult(out, identity, isDefault, model.named);
  if (place.existing !== undefined && !force && hasSameGroups(place.existing, subset)) {
    // A run may have been killed after it had written the result.
    await journal.remove().catch(() => undefined);
    return { task: task.id, model: model.name, result: place.existing, path: place.path, reused: true };
  }
  for (const { path, problem } of place.damaged) {
    const stays =
      path === place.path ? 'will be computed again' : 'is kept as it is, and the new result gets a separate file';
    note(`result '${path}' ${stays}: ${problem.message}`);
  }
  if (force) await journal.remove();
  const finished = await scoreTask(
    { ...use, task, leftOut, sampleRate, identity, isDefault, extensions, subset, journal, manifest, note },
    context,
  );
  const written = await writeResult(out, identity, isDefault, finished, {
    model: model.named,
    replaced: place.existing,
  });
  // What stays of it is removed by the next run.
  await journal.remove().catch(() => undefined);
  return { task: task.id, model: model.name, ...written, reused: false };
}

/** The clips that cannot be read in the form that the model takes. */
async function leaveOut(
  task: Task,
  { description }: LoadedModel,
  abortSignal: AbortSignal | undefined,
): Promise<LeftOutClip[]> {
  checkFits(task, description);
  const { sampleRate, channels } = description;
  return findUnreadable(task, { sampleRate, channels, abortSignal });
}

/** Groups affect no score and so are not part of a result's identity, but its intervals depend on them. */
function hasSameGroups({ groups }: Result, subset: ChosenSubset): boolean {
  // The name of the groups affects no number.
  const plain = (counts: GroupCounts | undefined) =>
    hashIdentity(counts === undefined ? null : { ...counts, by: null });
  return plain(groups) === plain(subset.groups?.counts);
}

function isDefaultEvaluation(evaluation: EvaluationIdentity): boolean {
  return hashIdentity(evaluation) === hashIdentity(evaluationIdentity(defaultEvaluation));
}
