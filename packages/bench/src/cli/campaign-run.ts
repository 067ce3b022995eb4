import { HearkenError, TaskError } from '@hearken/core';
import { cacheFolders } from '@hearken/core/node';
import { openStore } from '../run/store.node.js';
import { formerCacheNote } from '../run/former-cache.node.js';
import type { Campaign, CampaignEvaluation } from '@hearken/campaigns';
import { meanScores, type Protocol, protocolByName } from '@hearken/results';
import { tasksOf } from '@hearken/results/internal';
import { type CollectedScores, collectScores, type ResultSelection } from '@hearken/results/node';
import type { Extensions } from '../extensions/extensions.js';
import { hasFailed, shownModel, type TaskOutcome } from '../run/benchmark.js';
import type { OpenedTask } from '../run/open-tasks.node.js';
import { runCampaign } from '../run/run-campaign.node.js';
import { errorText } from './error-text.js';
import { ExtensionUse } from './extension-use.js';
import { pulledCheckpoint } from './model-options.js';
import { campaignProgress } from './progress/campaign-progress.js';
import type { ProgressView } from './progress/progress-view.js';
import type { RunChecks } from './run-checks.js';
import { resultsJson, resultsTable } from './results-output.js';
import type { CommandContext } from './streams.js';

/** Where and how a campaign is run. */
export interface CampaignRunOptions {
  readonly out: string;
  readonly cache?: string;
  readonly store?: string;
  readonly models?: string;
  readonly force?: boolean;
  /** False: fine-tuned models are not saved. */
  readonly keepModels?: boolean;
  readonly checkpointSeconds?: number;
  readonly json?: boolean;
  readonly debug?: boolean;
}

/** Runs a campaign, shows its progress, and prints its scores; returns the command's exit status. */
export async function runAndPrint(
  campaign: Campaign,
  options: CampaignRunOptions,
  tools: CampaignTools,
): Promise<number> {
  const { extensions, view, context } = tools;
  const { out, cache, store, force, debug, keepModels, checkpointSeconds } = options;
  const artifacts = await openStore(cache, store);
  const former = await formerCacheNote(cacheFolders(cache).root);
  if (former !== undefined) view.note(former);
  const progress = campaignProgress(view, { debug });
  const outcomes = await runCampaign(campaign, {
    ...{ out, cache, artifacts, force, extensions, keepModels, checkpointSeconds },
    abortSignal: context.abortSignal,
    checkpointOf: ({ model }) => pulledCheckpoint(model, options.models),
    onPlan: (jobs, tasks) => {
      for (const line of unusedExtensions(extensions, campaign, tasks)) view.note(line);
      progress.plan(jobs);
    },
    onEvent: (event, model) => {
      progress.event(event, model);
    },
    onModelFailed: (model, error) => {
      view.end();
      view.note(`${model.name}: failed\n${errorText(error, debug).trimEnd()}`);
      progress.modelFailed(model);
    },
  });
  view.end();
  return printOutcomes(campaign, outcomes, options, tools);
}

/**
 * Prints what came of a campaign, and checks it; returns the command's exit status.
 *
 * @throws TaskError if there was nothing to score
 */
export async function printOutcomes(
  campaign: Campaign,
  outcomes: readonly TaskOutcome[],
  { json }: Pick<CampaignRunOptions, 'json'>,
  { check, context }: Pick<CampaignTools, 'check' | 'context'>,
): Promise<number> {
  checkProtocolTasks(campaign, outcomes);
  context.stdout.write(json === true ? resultsJson(outcomes) : resultsTable(outcomes));
  const status = await check(outcomes.map(distinct));
  if (!outcomes.every(hasFailed)) {
    // Standard output has only the JSON document: what a protocol prints goes to standard error.
    const stream = json === true ? context.stderr : context.stdout;
    for (const evaluation of campaign.evaluations) stream.write(await summaryOf(evaluation, campaign, outcomes));
  }
  return status;
}

/** What a run needs besides its options. */
export interface CampaignTools {
  readonly extensions: Extensions;
  readonly check: RunChecks;
  readonly view: ProgressView;
  readonly context: CommandContext;
}

/** A line for each custom metric and probe that is not used. */
export function unusedExtensions(
  extensions: Extensions,
  { evaluations }: Campaign,
  tasks: readonly OpenedTask[],
): string[] {
  const use = new ExtensionUse(
    extensions,
    evaluations.map(({ probe }) => probe),
  );
  for (const item of tasks) if ('task' in item) use.sees(item.task);
  return use.warnings();
}

/** @throws TaskError if there is nothing to score because the only evaluation's protocol has none of the tasks */
function checkProtocolTasks({ evaluations, tasks }: Campaign, outcomes: readonly TaskOutcome[]): void {
  const [{ protocol }] = evaluations;
  if (outcomes.length > 0 || protocol === undefined) return;
  throw noTasksOf(protocolByName(protocol), tasks);
}

/** Reports of outcomes tell them apart by their model. */
function distinct(outcome: TaskOutcome): TaskOutcome {
  const { evaluation } = outcome;
  return { ...outcome, model: shownModel(outcome) + (evaluation === undefined ? '' : `, ${evaluation}`) };
}

async function summaryOf(
  { protocol, name }: CampaignEvaluation,
  { evaluations, trainFractions, generalization }: Campaign,
  outcomes: readonly TaskOutcome[],
): Promise<string> {
  if (protocol === undefined) return '';
  const own = evaluations.length === 1 ? outcomes : outcomes.filter(({ evaluation }) => evaluation === name);
  if (own.every(hasFailed)) return '';
  return protocolSummary(protocolByName(protocol), own, { trainFractions, generalize: generalization?.column });
}

/** The error if a protocol uses none of the task folders. */
function noTasksOf(protocol: Protocol, paths: readonly string[]): TaskError {
  return new TaskError({
    asked: `tasks of protocol '${protocol.name}' in ${paths.map((path) => `'${path}'`).join(', ')}`,
    found: `none of its ${tasksOf(protocol).length} tasks`,
    fix: `pass folders of its tasks: 'hearken protocols show ${protocol.name}' lists them`,
  });
}

/** The aggregated scores of a run by its protocol, for each share of the training clips, and what is missing. */
async function protocolSummary(
  protocol: Protocol,
  outcomes: readonly TaskOutcome[],
  { trainFractions = [1], generalize: column }: { trainFractions?: readonly number[]; generalize?: string },
): Promise<string> {
  const texts: string[] = [];
  for (const trainFraction of trainFractions) {
    const head = trainFraction === 1 ? '' : `${trainFraction} of the training clips, `;
    texts.push(`${head}${await shareSummary(protocol, outcomes, { trainFraction, column })}`);
  }
  return texts.join('');
}

async function shareSummary(protocol: Protocol, outcomes: readonly TaskOutcome[], selection: ResultSelection) {
  const results = outcomes.flatMap((outcome) =>
    hasFailed(outcome) ? [] : [{ path: outcome.path, result: outcome.result }],
  );
  const models = await collectScores(protocol, results, selection).catch((error: unknown) => {
    if (error instanceof HearkenError) return error;
    throw error;
  });
  // The results are fine; only the protocol cannot aggregate them.
  if (models instanceof HearkenError) return `${protocol.name}: ${models.message}\n`;
  const all = tasksOf(protocol).length;
  if (models.length === 0) {
    return `${protocol.name}: none of its ${all} tasks has a score; 'hearken protocols show ${protocol.name}' lists them\n`;
  }
  return models.map((model) => `${aggregateLine(protocol, model)}${missingLine(protocol, model)}`).join('');
}

function aggregateLine(protocol: Protocol, model: CollectedScores): string {
  const all = tasksOf(protocol).length;
  if (protocol.aggregation === 'reciprocal-rank') {
    return `${model.model}: ${model.scores.size} of ${all} tasks of ${protocol.name}; 'hearken protocols score RESULTS... --protocol ${protocol.name}' ranks it among other models\n`;
  }
  const { overall } = meanScores(protocol, model);
  const what = protocol.aggregation === 'normalized' ? 'mean normalised score' : 'mean score';
  const mean = overall.mean === null ? '-' : overall.mean.toFixed(4);
  return `${model.model}: ${what} ${mean} over ${overall.tasks.length} of ${all} tasks of ${protocol.name} (${overall.tasks.join(', ')})\n`;
}

function missingLine(protocol: Protocol, { missing }: CollectedScores): string {
  const titles = tasksOf(protocol).filter(({ title }) => missing.some(({ task }) => task === title));
  return titles.length === 0 ? '' : `Missing: ${titles.map(({ title }) => title).join(', ')}\n`;
}
