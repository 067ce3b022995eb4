import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Campaign, type CampaignModel, displayName, planCampaign } from '@hearken/campaigns';
import { FileError, HearkenError, isPluginPath, parseModelSpecifier } from '@hearken/core';
import { cacheFolders, checkWritable, isInsideFolder } from '@hearken/core/node';
import { modelName, type Result } from '@hearken/results';
import { readResult } from '@hearken/results/node';
import type { Task } from '@hearken/tasks';
import { createNodeRegistry } from '../plugins/plugins.node.js';
import type { FailedTask, FinishedTask, TaskOutcome } from '../run/benchmark.js';
import { checkCampaign, openCampaignTasks, plannedTask, settingsOf } from '../run/run-campaign.node.js';
import { type CampaignRunOptions, type CampaignTools, printOutcomes, unusedExtensions } from './campaign-run.js';
import { loadCluster, type QueueFailure, type QueueProgress, type RootOutcome } from './cluster.node.js';
import { errorText } from './error-text.js';
import { pulledCheckpoint } from './model-options.js';
import { timeLeft } from './progress/time-left.js';
import { addressOf, type QueueRunOptions } from './queue-options.js';
import { printable } from './table.js';

const removed = 'it was removed from the queue: its campaign was cancelled';

/** Has workers compute a campaign, shows how far they are, and prints its scores; returns the command's exit status. */
export async function runOnQueueAndPrint(
  asked: Campaign,
  options: CampaignRunOptions & QueueRunOptions & { readonly queue: string },
  tools: CampaignTools,
): Promise<number> {
  const { extensions, view, context } = tools;
  const { abortSignal } = context;
  const { runOnQueue } = await loadCluster();
  checkCampaign(asked, extensions);
  const cache = cacheFolders(options.cache).root;
  await checkWritable(options.out);
  await checkWritable(cache);
  const out = await realpath(options.out);
  const failed = new Map<CampaignModel, Error>();
  const campaign = await absoluteCampaign(asked, options, (model, error) => {
    abortSignal?.throwIfAborted();
    if (asked.models.length === 1) throw error;
    view.note(`${model.name}: failed\n${errorText(error, options.debug).trimEnd()}`);
    failed.set(model, error instanceof Error ? error : new Error(String(error)));
  });
  const opened = await openCampaignTasks(campaign, options.cache);
  for (const line of unusedExtensions(extensions, asked, opened)) view.note(line);
  const jobs = planCampaign(campaign, opened.map(plannedTask));
  const wanted = new Set(jobs.filter(({ evaluation }) => evaluation !== undefined).map(({ task }) => task));
  const tasks = opened.flatMap((item): Task[] => ('task' in item && wanted.has(item.task.id) ? [item.task] : []));
  const unopened = opened.flatMap((item) => ('task' in item ? [] : [item]));
  for (const { path, error } of unopened) view.note(`${path}: failed\n${errorText(error, options.debug).trimEnd()}`);
  const outcomes: TaskOutcome[] = [];
  if (tasks.length > 0 && campaign.models.length > 0) {
    const show = progressOf(view, options.debug);
    const { id, outcomes: ended } = await runOnQueue(addressOf(options), campaign, tasks, {
      ...(options.store === undefined ? {} : { store: options.store }),
      ...{ out, cache, say: show.note, onProgress: show.update },
      extensions: (extensions.extensionModules ?? []).map(({ sha256 }) => sha256),
      ...(options.campaignName === undefined ? {} : { name: options.campaignName }),
      ...(options.priority === undefined ? {} : { priority: options.priority }),
      ...(options.detach === undefined ? {} : { detach: options.detach }),
      ...(abortSignal === undefined ? {} : { abortSignal }),
    });
    view.end();
    if (ended === undefined) {
      context.stdout.write(options.json === true ? `${JSON.stringify({ campaign: id })}\n` : `${id}\n`);
      return 0;
    }
    for (const root of ended) outcomes.push(...(await outcomesOf(root, asked, out)));
  }
  for (const { name } of campaign.models) {
    outcomes.push(...unopened.map(({ path, error }) => ({ task: path, model: name, error })));
  }
  outcomes.push(...[...failed].map(([{ name }, error]) => ({ task: '(all)', model: name, error })));
  return printOutcomes(asked, outcomes, options, tools);
}

function progressOf(view: CampaignTools['view'], debug: boolean | undefined) {
  const label = 'On the queue';
  const time = timeLeft();
  let isFirst = true;
  let isShown = false;
  const note = (text: string) => {
    view.end();
    isShown = false;
    view.note(printable(text));
  };
  const update = ({ counts, total, ended, text }: QueueProgress) => {
    const done = counts.done + counts.failed + counts.removed;
    if (isFirst) time.begin(done);
    isFirst = false;
    for (const { model, task, state, failures } of ended) {
      if (state === 'removed') note(`${model} on ${task}: ${removed}`);
      for (const failure of failures) note(failedText(model, task, failure, debug));
    }
    if (!isShown) view.begin(label, total);
    isShown = true;
    view.update(done, text, time.at(done, total));
  };
  return { note, update };
}

/** As `hearken run` without a queue says it. */
function failedText(model: string, task: string, failure: QueueFailure, debug: boolean | undefined): string {
  const { evaluation, trainFraction, message, parts } = failure;
  const way = evaluation === undefined ? '' : `, ${evaluation}`;
  const share = trainFraction === undefined ? '' : `, ${trainFraction} of the training clips`;
  const reason = parts === undefined ? `: ${message}` : `\n${errorText(new HearkenError(parts), debug).trimEnd()}`;
  return `${model} on ${task}${way}${share}: failed${reason}`;
}

/** The campaign as other machines understand it: with absolute paths, and the checkpoints that were pulled here. */
async function absoluteCampaign(
  campaign: Campaign,
  { models: folder }: Pick<CampaignRunOptions, 'models'>,
  failed: (model: CampaignModel, error: unknown) => void,
): Promise<Campaign> {
  const models: CampaignModel[] = [];
  for (const model of campaign.models) {
    try {
      const checkpoint = model.checkpoint ?? (await pulledCheckpoint(model.model, folder));
      const specifier = await absoluteModel(model.model);
      // A name that is mistyped is told here, and not by a worker.
      await createNodeRegistry().resolve(parseModelSpecifier(specifier).plugin);
      models.push({
        ...{ ...model, model: specifier },
        ...(checkpoint === undefined ? {} : { checkpoint: await existing('checkpoint', checkpoint) }),
      });
    } catch (error) {
      failed(model, error);
    }
  }
  // Tasks that are not there are told of when they are opened.
  const tasks = await Promise.all(campaign.tasks.map((path) => realpath(path).catch(() => resolve(path))));
  return { ...campaign, models, tasks };
}

/** `plugin:model` with the absolute path of a plugin that is named by its path. */
async function absoluteModel(specifier: string): Promise<string> {
  const { plugin, model } = parseModelSpecifier(specifier);
  return [await absolutePlugin(plugin), ...(model === undefined ? [] : [model])].join(':');
}

/** A plugin's name, or its absolute path: all machines must mean the same. */
export async function absolutePlugin(plugin: string): Promise<string> {
  if (!isPluginPath(plugin)) return plugin;
  const path = plugin.startsWith('file:') ? fileURLToPath(plugin) : plugin;
  return realpath(path).catch(() => resolve(path));
}

async function existing(what: string, path: string): Promise<string> {
  const there = await stat(path).catch(() => undefined);
  if (there !== undefined) return realpath(path);
  throw new FileError({ asked: `${what} '${path}'`, found: 'nothing of that name', fix: 'check the path' });
}

/** What came of a model on a task: a result or an error for each way of scoring. */
async function outcomesOf(root: RootOutcome, campaign: Campaign, out: string): Promise<TaskOutcome[]> {
  const { task, model, state, results, failures } = root;
  const hasWays = campaign.evaluations.length > 1;
  const ended: TaskOutcome[] = [];
  for (const path of results) ended.push(await outcomeAt(path, root, campaign, out));
  for (const { evaluation, message, parts, trainFraction } of failures) {
    const error = parts === undefined ? new Error(message) : new HearkenError(parts);
    ended.push({
      ...{ task, model, error },
      ...(trainFraction === undefined ? {} : { trainFraction }),
      ...(hasWays && evaluation !== undefined ? { evaluation } : {}),
    });
  }
  if (state === 'removed') {
    ended.push({ task, model, error: new Error(removed) });
  }
  const order = campaign.evaluations.map(({ name }) => name);
  const place = ({ evaluation }: TaskOutcome) => (evaluation === undefined ? -1 : order.indexOf(evaluation));
  return ended.sort((one, other) => place(one) - place(other));
}

async function outcomeAt(
  path: string,
  { task, model }: RootOutcome,
  { models, evaluations }: Campaign,
  out: string,
): Promise<FinishedTask | FailedTask> {
  try {
    if (!isInsideFolder(out, path)) {
      const fix = 'see which program wrote it into the queue';
      throw new FileError({ asked: `a result in '${out}'`, found: `'${path}'`, fix });
    }
    const result = await readResult(path);
    const loaded = modelName(result.model);
    const of = models.find(({ name }) => name === model);
    const name = of === undefined ? loaded : displayName(of, loaded);
    const way = evaluations.length === 1 ? undefined : evaluations.find((one) => isSameWay(one, result));
    return {
      ...{ task: result.task.id, model: loaded, result, path, reused: false },
      ...(name === loaded ? {} : { name }),
      ...(way === undefined ? {} : { evaluation: way.name }),
    };
  } catch (error) {
    if (!(error instanceof HearkenError)) throw error;
    return { task, model, error };
  }
}

function isSameWay(evaluation: Campaign['evaluations'][number], { evaluation: recorded }: Result): boolean {
  const [one, other] = [settingsOf(evaluation), recorded].map(
    ({ probe, grid, gridPoints, seed, seeds, pca, finetune }) =>
      JSON.stringify([probe, grid, gridPoints, seed, seeds ?? 1, pca ?? null, finetune?.recipe]),
  );
  // A result has all numbers of a recipe, a campaign those that differ, perhaps as text.
  const isSame = ([name, value]: [string, unknown]) => String(recorded.finetune?.settings[name]) === String(value);
  return one === other && Object.entries(evaluation.finetune?.settings ?? {}).every(isSame);
}
