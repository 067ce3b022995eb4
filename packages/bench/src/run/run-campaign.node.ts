import {
  type Campaign,
  type CampaignJob,
  type CampaignModel,
  displayName,
  planCampaign,
  scores,
} from '@hearken/campaigns';
import { cacheFolders, checkWritable } from '@hearken/core/node';
import type { EvaluationIdentity } from '@hearken/results/node';
import type { CampaignEvaluation } from '@hearken/campaigns';
import { checkExtensions, type Extensions } from '../extensions/extensions.js';
import { checkProbeName } from '../probes/registry.js';
import type { BenchmarkEvent, BenchmarkOptions, TaskOutcome } from './benchmark.js';
import { openEachTask, type OpenedTask } from './open-tasks.node.js';
import { runModel, type WayOfScoring } from './run-benchmark.node.js';

/** How to run a campaign. */
export interface RunCampaignOptions extends Pick<
  BenchmarkOptions,
  'artifacts' | 'force' | 'registry' | 'evaluate' | 'abortSignal' | 'keepModels' | 'checkpointSeconds'
> {
  /** Folder for the results. */
  readonly out: string;
  /** Root of the cache; default: the user's. */
  readonly cache?: string;
  /** The campaign's custom metrics and probes, loaded. */
  readonly extensions?: Extensions;
  /** Finds the weights of a model that has none of its own. */
  readonly checkpointOf?: (model: CampaignModel) => Promise<string | undefined>;
  /** Called once, before anything is computed, with all tasks and jobs. */
  readonly onPlan?: (jobs: readonly CampaignJob[], tasks: readonly OpenedTask[]) => void;
  /** Called for each event of a model's run. */
  readonly onEvent?: (event: BenchmarkEvent, model: CampaignModel) => void;
  /** Called if nothing can be computed with a model of several. */
  readonly onModelFailed?: (model: CampaignModel, error: Error) => void;
}

/**
 * Scores a campaign's models on its tasks, one after another. If a model cannot be loaded, the results of the others are
 * not affected. Finished work is not computed again, and interrupted work is continued.
 *
 * @returns how each job ended, in the order of the plan
 * @throws HearkenError if the only model cannot be loaded, there is no such probe, or a folder cannot be written; the
 *   abort signal's reason
 */
export async function runCampaign(campaign: Campaign, options: RunCampaignOptions): Promise<TaskOutcome[]> {
  const { extensions = {}, abortSignal } = options;
  const { models, evaluations } = campaign;
  checkCampaign(campaign, extensions);
  await checkWritable(options.out);
  await checkWritable(cacheFolders(options.cache).root);
  const isOnly = models.length === 1;
  const checkpoints = new Map<string, string | undefined>();
  const failures = new Map<string, Error>();
  const failed = (model: CampaignModel, thrown: unknown) => {
    abortSignal?.throwIfAborted();
    if (isOnly) throw thrown;
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    options.onModelFailed?.(model, error);
    failures.set(model.name, error);
  };
  // A mistyped name of the last model is told at once, not after hours.
  for (const model of models) {
    try {
      checkpoints.set(model.name, model.checkpoint ?? (await options.checkpointOf?.(model)));
    } catch (error) {
      failed(model, error);
    }
  }
  const opened = await openCampaignTasks(campaign, options.cache);
  options.onPlan?.(planCampaign(campaign, opened.map(plannedTask)), opened);
  const outcomes: TaskOutcome[] = [];
  for (const model of models) {
    if (!failures.has(model.name)) {
      try {
        const run = modelRun(campaign, model, checkpoints.get(model.name), options);
        const ended = await runModel(run, waysOfScoring(evaluations), () => Promise.resolve(opened));
        outcomes.push(...ended.map((outcome) => named(outcome, model)));
        continue;
      } catch (error) {
        failed(model, error);
      }
    }
    outcomes.push({ task: '(all)', model: model.name, error: failures.get(model.name)! });
  }
  return outcomes;
}

/** @throws HearkenError for an unknown probe, or an extension that takes another's name */
export function checkCampaign({ evaluations }: Pick<Campaign, 'evaluations'>, extensions: Extensions): void {
  checkExtensions(extensions);
  for (const { probe } of evaluations) checkProbeName(probe, extensions.probes);
}

/** Opens a campaign's tasks; those that cannot be opened are among them, with the reason. */
export function openCampaignTasks(
  { tasks, skipUnreadable }: Pick<Campaign, 'tasks' | 'skipUnreadable'>,
  cache: string | undefined,
): Promise<OpenedTask[]> {
  return openEachTask(tasks, cacheFolders(cache).tasks, { allowMissing: skipUnreadable });
}

/** What a plan needs to know of a task. */
export function plannedTask(item: OpenedTask) {
  return 'task' in item ? item.task : { id: item.path };
}

/** An evaluation as a result records it. */
export function settingsOf(evaluation: CampaignEvaluation): EvaluationIdentity {
  const { probe, grid, gridPoints, seed, seeds, pca, finetune } = evaluation;
  return {
    ...{ probe, grid, gridPoints, seed, seeds },
    ...(pca === undefined ? {} : { pca }),
    ...(finetune === undefined ? {} : { finetune }),
  };
}

/** Evaluations have names in rows and messages where there are several. */
function waysOfScoring(evaluations: readonly CampaignEvaluation[]): WayOfScoring[] {
  return evaluations.map((evaluation) => ({
    ...(evaluations.length === 1 ? {} : { name: evaluation.name }),
    evaluation: settingsOf(evaluation),
    ...(evaluation.head === undefined ? {} : { head: evaluation.head }),
    accepts: ({ metadata }) => scores(evaluation, metadata),
  }));
}

/** How a model of a campaign is loaded. */
export function modelToLoad(
  { threads }: Pick<Campaign, 'threads'>,
  { model, options, weights, provider }: CampaignModel,
  checkpoint: string | undefined,
): Pick<BenchmarkOptions, 'model' | 'checkpoint' | 'modelOptions' | 'runtime'> {
  return {
    model,
    ...(checkpoint === undefined ? {} : { checkpoint }),
    modelOptions: { ...options, ...(weights === undefined ? {} : { weights }) },
    runtime: {
      ...(threads === undefined ? {} : { threads }),
      ...(provider === undefined ? {} : { executionProvider: provider }),
    },
  };
}

function modelRun(
  campaign: Campaign,
  model: CampaignModel,
  checkpoint: string | undefined,
  { extensions, onEvent, onPlan: _, onModelFailed: __, checkpointOf: ___, ...options }: RunCampaignOptions,
): BenchmarkOptions {
  const { trainFractions, generalization, skipUnreadable, tasks } = campaign;
  return {
    ...options,
    ...modelToLoad(campaign, model, checkpoint),
    ...extensions,
    ...{ tasks, trainFractions, generalization, skipUnreadable },
    onEvent: (event) => {
      if (event.kind === 'outcome') onEvent?.({ ...event, outcome: named(event.outcome, model) }, model);
      else if (event.kind === 'model') onEvent?.({ ...event, model: displayName(model, event.model) }, model);
      else onEvent?.(event, model);
    },
  };
}

/** Rows of models that differ in their options alone are told apart by their names. */
function named(outcome: TaskOutcome, model: CampaignModel): TaskOutcome {
  const name = displayName(model, outcome.model);
  return name === outcome.model ? outcome : { ...outcome, name };
}
