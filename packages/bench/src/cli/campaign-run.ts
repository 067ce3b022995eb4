import { cacheFolders } from '@hearken/core/node';
import { formerCacheNote } from '../run/former-cache.node.js';
import type { Campaign, CampaignEvaluation } from '@hearken/campaigns';
import { protocolByName } from '@hearken/results';
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
import { noTasksOf, protocolSummary } from './run-protocol.js';
import { resultsJson, resultsTable } from './results-output.js';
import type { CommandContext } from './streams.js';

/** Where and how a campaign is run. */
export interface CampaignRunOptions {
  readonly out: string;
  readonly cache?: string;
  readonly models?: string;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly debug?: boolean;
}

/** Runs a campaign, shows its progress, and prints its scores; returns the command's exit status. */
export async function runAndPrint(
  campaign: Campaign,
  options: CampaignRunOptions,
  { extensions, check, view, context }: CampaignTools,
): Promise<number> {
  const { out, cache, force, debug, json } = options;
  const former = await formerCacheNote(cacheFolders(cache).root);
  if (former !== undefined) view.note(former);
  const progress = campaignProgress(view, { debug });
  const outcomes = await runCampaign(campaign, {
    ...{ out, cache, force, extensions },
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

function unusedExtensions(extensions: Extensions, { evaluations }: Campaign, tasks: readonly OpenedTask[]): string[] {
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
