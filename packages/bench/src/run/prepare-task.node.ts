import { taskManifest, type TaskManifest } from '@hearken/artifacts/node';
import type { ExtensionRecord } from '@hearken/results';
import {
  evaluationIdentity,
  type LeftOutClip,
  modelIdentity,
  usedExtensions,
  withoutClips,
} from '@hearken/results/internal';
import { findUnreadable, hashIdentity } from '@hearken/results/internal/node';
import type { EvaluationIdentity, RunIdentity } from '@hearken/results/node';
import type { Task } from '@hearken/tasks';
import { chooseSampleRate } from '@hearken/tasks/node';
import { checkFits } from '../embeddings/check-fits.js';
import { headProbe } from '../probes/registry.js';
import { defaultEvaluation } from './benchmark.js';
import { chooseSubset, type ChosenSubset } from './choose-subset.node.js';
import { checkHeadSettings, headSettings } from './head-answers.js';
import { withRecipe } from './finetune.node.js';
import type { LoadedModel, ModelInUse } from './loaded-model.node.js';
import type { RunContext } from './run-context.node.js';
import { trainingRecords, type TrainingRecords } from './training-records.node.js';

/** A task to score, and what identifies its result. */
export interface PreparedTask {
  /** Without the clips that are left out. */
  readonly task: Task;
  /** Clips that cannot be read, if such clips are left out. */
  readonly leftOut: readonly LeftOutClip[] | undefined;
  /** Sample rate of the folder of clips that is read, in Hz. */
  readonly sampleRate: number;
  /** What the task's files hash to. */
  readonly manifest: TaskManifest;
  readonly identity: RunIdentity;
  /** Whether it is the default evaluation of a model without options. */
  readonly isDefault: boolean;
  /** Custom metrics and the custom probe that the result names. */
  readonly extensions: readonly ExtensionRecord[];
  readonly subset: ChosenSubset;
  readonly journal: TrainingRecords;
}

/**
 * Finds out what identifies the result of a model on a task.
 *
 * @param note called with what the user should know
 * @param known the task's manifest at the sample rate that is read, if it has been made
 * @throws HearkenError for problems of the task; the abort signal's reason
 */
export async function prepareTask(
  whole: Task,
  {
    model,
    trainFraction,
  }: Pick<ModelInUse, 'trainFraction'> & { readonly model: Pick<LoadedModel, 'description' | 'plugin'> },
  context: RunContext,
  note: (message: string) => void,
  known?: TaskManifest,
): Promise<PreparedTask> {
  const { abortSignal, skipUnreadable } = context;
  const evaluation = withRecipe(withHead(context, whole, model.description), whole, model.plugin);
  abortSignal?.throwIfAborted();
  // Only the clips at the sample rate that is read affect the score.
  const sampleRate = chooseSampleRate(whole, model.description.sampleRate);
  const { manifests: folder } = context.cache;
  const manifest =
    known ?? (await taskManifest(whole, [sampleRate], { folder, allowMissing: skipUnreadable, abortSignal }));
  const leftOut = skipUnreadable ? await leaveOut(whole, model, abortSignal) : undefined;
  const task = withoutClips(whole, leftOut ?? []);
  const subset = await chooseSubset(task, { ...context, trainFraction });
  const { records: extensions } = usedExtensions(context.extensions, task.metadata.evaluation, evaluation.probe);
  const identity: RunIdentity = {
    model: modelIdentity(model.description.provenance),
    task: { id: task.id, contentHash: manifest.contentHash },
    evaluation: evaluationIdentity({ ...evaluation, ...subset.identity, skipUnreadable, extensions }),
  };
  const journal = trainingRecords(context.artifacts, identity, (path) => {
    note(`finished work: '${path}' is damaged and will be computed again`);
  });
  const isDefault = context.isDefaultModel && isDefaultEvaluation(identity.evaluation);
  return { task, leftOut, sampleRate, manifest, identity, isDefault, extensions, subset, journal };
}

/** The evaluation with how the model's head answers for the task, if it is scored by that. */
function withHead(
  { evaluation, head: request }: Pick<RunContext, 'evaluation' | 'head'>,
  task: Task,
  description: LoadedModel['description'],
): EvaluationIdentity {
  if (evaluation.probe !== headProbe) return evaluation;
  if (evaluation.head === undefined) return { ...evaluation, head: headSettings(task, description, request) };
  checkHeadSettings(evaluation.head, description, task);
  return evaluation;
}

/** The clips that cannot be read in the form that the model takes. */
async function leaveOut(
  task: Task,
  { description }: Pick<LoadedModel, 'description'>,
  abortSignal: AbortSignal | undefined,
): Promise<LeftOutClip[]> {
  checkFits(task, description);
  const { sampleRate, channels } = description;
  return findUnreadable(task, { sampleRate, channels, abortSignal });
}

function isDefaultEvaluation(evaluation: EvaluationIdentity): boolean {
  return hashIdentity(evaluation) === hashIdentity(evaluationIdentity(defaultEvaluation));
}
