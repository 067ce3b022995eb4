import type { FinetuneContext } from '../probes/probe.js';
import { openTraining, type OpenedTraining } from './finetune.node.js';
import { poolingOf } from '../embeddings/pooling.js';
import type { EvaluationInput, EvaluationOptions } from '../evaluation/evaluation.js';
import { normalizedScore } from '@hearken/results/internal';
import { guardTask } from '../guards/guard-task.node.js';
import { taskScoring } from '../kinds/registry.js';
import { describeResampler } from '@hearken/signals/internal';
import { pickClips } from '../embeddings/pick-clips.js';
import type { ChosenSubset } from './choose-subset.node.js';
import { type EmbeddingSource, embedTask, largeEmbeddingBytes, type EmbeddedTask } from './embed-task.node.js';
import { logitsSource } from './head-answers.js';
import { harnessVersion } from '@hearken/results';
import type { PreparedTask } from './prepare-task.node.js';
import type { RunContext } from './run-context.node.js';
import { type FinishedResult, peakMemoryBytes, thisMachine } from '@hearken/results/internal/node';
import { makeResult } from './make-result.js';
import type { ModelInUse } from './loaded-model.node.js';
import { answerWarnings, foldSplits } from './fold-answers.js';
import { summarizeTest } from './test-summary.js';

/** A task to score, and with which model. */
export interface TaskRun extends ModelInUse, PreparedTask {
  readonly note: (message: string) => void;
  /** Folder for fine-tuned models; undefined if they are not kept. */
  readonly checkpoints?: string;
}

/** The part of a run's options that scoring needs. */
type ScoringContext = Pick<
  RunContext,
  | 'artifacts'
  | 'cache'
  | 'extensions'
  | 'threads'
  | 'evaluate'
  | 'abortSignal'
  | 'report'
  | 'checkpointSeconds'
  | 'executionProvider'
>;

/** Embeds a task, checks it for problems, trains the probe and makes the result. */
export async function scoreTask(run: TaskRun, context: ScoringContext): Promise<FinishedResult> {
  const { task } = run;
  // Unknown metrics, and metrics for other kinds of task, fail here and not after hours of embedding.
  taskScoring(task.metadata, task.labels, context.extensions.metrics);
  const startedAt = new Date();
  const training = await openTrainingOf(run, context);
  try {
    const embedded = await openEmbedded(run, context, training);
    try {
      return await scoreEmbedded(run, embedded, startedAt, context, training);
    } finally {
      embedded.close();
    }
  } finally {
    await training?.dispose();
  }
}

/** The model to be trained, if the evaluation trains it. */
export function openTrainingOf(
  run: TaskRun,
  { threads, executionProvider, report, checkpointSeconds }: ScoringContext,
): Promise<OpenedTraining | undefined> {
  const { task, model, identity, checkpoints, note } = run;
  const onUpdate: FinetuneContext['onUpdate'] = (progress) => {
    report({ kind: 'update', task: task.id, ...progress });
  };
  const { evaluation } = identity;
  const runtime = { threads, executionProvider };
  return openTraining({ task, model, evaluation, checkpoints, runtime, note, onUpdate, checkpointSeconds });
}

/** The embeddings of a task, or the examples to train its model on; computes what is missing of them. */
export function openEmbedded(
  run: TaskRun,
  { abortSignal, artifacts, report }: ScoringContext,
  training?: OpenedTraining,
): Promise<EmbeddedTask> {
  const { task } = run;
  return embedTask(task, training?.source ?? sourceOf(run), {
    artifacts,
    manifest: run.manifest,
    leftOut: run.leftOut,
    discardCache: run.discardCache,
    memoryBytes: largeEmbeddingBytes / copies(run.subset),
    abortSignal,
    onProgress: (progress) => report({ kind: 'embed', task: task.id, ...progress }),
    onNote: run.note,
  });
}

/** What gives the rows: the model, or its head if that is scored. */
function sourceOf({ model, identity }: TaskRun): EmbeddingSource {
  const { head, seed } = identity.evaluation;
  return head === undefined ? model : logitsSource(model, head, seed);
}

/** What a probe is trained and tested on. */
export function evaluationInput({ task, subset }: TaskRun, embedded: EmbeddedTask): EvaluationInput {
  return { metadata: task.metadata, labels: task.labels, ...usedSplits(embedded, subset) };
}

/** How it is trained and tested. */
export function evaluationOptions(
  { task, identity, journal }: TaskRun,
  { extensions, threads, abortSignal, report }: ScoringContext,
  training?: OpenedTraining,
): EvaluationOptions {
  return {
    ...identity.evaluation,
    ...training?.options,
    ...extensions,
    threads,
    journal,
    abortSignal,
    onProgress: (progress) => report({ kind: 'probe', task: task.id, ...progress }),
  };
}

async function scoreEmbedded(
  run: TaskRun,
  embedded: EmbeddedTask,
  startedAt: Date,
  context: ScoringContext,
  training: OpenedTraining | undefined,
): Promise<FinishedResult> {
  const { task, model, identity, subset } = run;
  const { abortSignal, extensions } = context;
  const { contentHash } = identity.task;
  // For a large task, free memory is worth the time to load the model again.
  if (run.isLast || training !== undefined || embedded.bytes > largeEmbeddingBytes) await model.release();
  const input = evaluationInput(run, embedded);
  // The guards do not know the splits in the folds of a plan.
  const guarded = task.metadata.splitMode === 'trainvaltest' ? input.splits : embedded.splits;
  const warnings = await guardTask(task, guarded, {
    sampleRate: model.description.sampleRate,
    cacheFolder: context.cache.inspections,
    contentHash,
    abortSignal,
  });
  const isTrained = identity.evaluation.head === undefined;
  const recommended = recommendedProbe(input, identity.evaluation.probe);
  if (recommended !== undefined) run.note(recommended);
  const evaluation = await context.evaluate(input, evaluationOptions(run, context, training));
  const { summary, answers } = summarizeTest(
    input,
    evaluation,
    identity.evaluation.seed,
    extensions.metrics,
    subset.groups?.of,
  );
  const { taskName, mode, evaluation: metrics } = task.metadata;
  const result = makeResult({
    harnessVersion,
    task,
    contentHash,
    sampleRate: run.sampleRate,
    embedder: { ...sourceOf(run).description, provenance: model.description.provenance },
    checkpoint: model.named.checkpoint,
    options: identity.evaluation,
    isDefault: run.isDefault,
    extensions: run.extensions,
    evaluation,
    trainClips: subset.plan?.trainClips,
    leftOut: run.leftOut,
    groups: subset.groups?.counts,
    resampler: describeResampler(run.sampleRate, model.description.sampleRate),
    testSummary: summary,
    normalizedScore:
      identity.evaluation.generalization === undefined && (run.leftOut ?? []).length === 0
        ? normalizedScore(taskName, mode, evaluation.scores[metrics[0]].mean, metrics[0])
        : null,
    embedSeconds: embedded.seconds,
    cachedClips: embedded.cachedClips,
    machine: thisMachine(),
    peakMemoryBytes: peakMemoryBytes(),
    startedAt,
    finishedAt: new Date(),
    warnings: [
      ...warnings.filter(({ code }) => isTrained || code !== 'label-not-in-training').map(({ message }) => message),
      ...subset.warnings,
      ...answerWarnings(input, evaluation.folds),
    ],
  });
  return { result, evaluation, answers, labels: task.labels };
}

/** With fewer training clips than this, the linear probe is the better choice: only its penalty is chosen. */
const fewTrainingClips = 1000;

/** A note if another probe is better for so few clips. */
function recommendedProbe(input: EvaluationInput, probe: string): string | undefined {
  if (probe !== 'mlp' || poolingOf(input.metadata).hasTimestamps) return undefined;
  const [{ train }] = foldSplits(input);
  const clips = train.reduce((sum, name) => sum + (input.splits.get(name)?.clipNames.length ?? 0), 0);
  if (clips >= fewTrainingClips) return undefined;
  return `${clips} training clips: with fewer than about ${fewTrainingClips}, --probe linear is recommended; HEAR's mlp probe is made for more`;
}

/** The splits that the evaluation sees: the task's own, or those of the plan. */
function usedSplits({ splits }: EmbeddedTask, { plan }: ChosenSubset): Pick<EvaluationInput, 'splits' | 'folds'> {
  if (plan === undefined) return { splits };
  const picked = [...plan.picked].map(
    ([name, { split, clips }]) => [name, pickClips(splits.get(split)!, clips)] as const,
  );
  return { splits: new Map(picked), folds: plan.folds };
}

/** How many copies of the training clips may be in memory: each fold of each draw has its own. */
function copies({ plan }: ChosenSubset): number {
  return Math.max(1, plan?.folds.reduce((sum, { length }) => sum + length, 0) ?? 1);
}
