import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Campaign, estimateJobs, type CampaignJob, planCampaign, type TaskEstimate } from '@hearken/campaigns';
import { HearkenError, TaskError } from '@hearken/core';
import { cacheFolders, fileSha256 } from '@hearken/core/node';
import { readProfiles } from '@hearken/results/internal/node';
import { archivesIn, openEachTask, type OpenedTask } from '../run/open-tasks.node.js';
import { FinishedResults, type MeasuredModel, measureCampaignModel, sizeOfTask } from '../run/plan-costs.node.js';
import { trainingSecondsPerRow } from '../run/measure-probe.node.js';
import { checkCampaign, plannedTask } from '../run/run-campaign.node.js';
import type { CampaignRunOptions, CampaignTools } from './campaign-run.js';
import { planJson, planText } from './dry-run-output.js';
import { errorText } from './error-text.js';
import { refused } from './exit-status.js';
import { pulledCheckpoint } from './model-options.js';

/**
 * Prints what a campaign would compute: what is finished, and time, memory and disk for the rest. Models and probes are
 * measured for a few seconds each; nothing is written.
 *
 * @returns the command's exit status
 */
export async function printPlan(
  campaign: Campaign,
  options: CampaignRunOptions,
  tools: CampaignTools,
): Promise<number> {
  const { context, extensions, view } = tools;
  const { abortSignal } = context;
  checkCampaign(campaign, extensions);
  const tasks = await openWithoutUnpacking(campaign, options.cache);
  const sizes = new Map<string, TaskEstimate>();
  for (const item of tasks) {
    const size = 'task' in item ? await sizeOfTask(item.task) : undefined;
    if (size !== undefined && 'task' in item) sizes.set(item.task.id, size);
  }
  const clipSeconds = typicalClip([...sizes.values()]);
  const { profiles: found } = await readProfiles([options.out]).catch(() => ({ profiles: [] }));
  const measuring = { clipSeconds, abortSignal, profiles: found.map(({ profile }) => profile) };
  const measured = new Map<string, MeasuredModel>();
  const problems = new Map<string, string>();
  for (const model of campaign.models) {
    view.note(`Measuring ${model.name}`);
    try {
      const checkpoint = model.checkpoint ?? (await pulledCheckpoint(model.model, options.models));
      measured.set(model.name, await measureCampaignModel(campaign, model, checkpoint, measuring));
    } catch (error) {
      abortSignal?.throwIfAborted();
      view.note(`${model.name}: failed\n${errorText(error, options.debug).trimEnd()}`);
      problems.set(model.name, error instanceof HearkenError ? error.found : String(error));
    }
  }
  const jobs = planCampaign(campaign, tasks.map(plannedTask));
  const finished = new FinishedResults(options.out, campaign, extensions);
  const files = new Map<CampaignJob, string>();
  for (const job of options.force === true ? [] : jobs) {
    const item = tasks.find((one) => 'task' in one && one.task.id === job.task);
    const model = measured.get(job.model.name);
    if (model === undefined || item === undefined || !('task' in item)) continue;
    const file = await finished.find(job, item.task, model).catch(() => undefined);
    if (file !== undefined) files.set(job, file);
  }
  const perRow = new Map<string, number | undefined>();
  const rowKey = (job: CampaignJob) => {
    const model = measured.get(job.model.name)?.estimate;
    const size = sizes.get(job.task)?.hasTimestamps === true ? model?.timestampSize : model?.sceneSize;
    // Seeds and grid points are counted, and change nothing about one training.
    const { probe, grid, pca } = job.evaluation ?? {};
    return JSON.stringify([size, probe, grid, pca]);
  };
  for (const job of jobs) {
    const key = rowKey(job);
    const [size] = JSON.parse(key) as [number | null];
    if (perRow.has(key) || files.has(job) || size === null || job.evaluation === undefined) continue;
    view.note(`Measuring a training of probe ${job.evaluation.probe} on ${size} values`);
    const settings = { extensions, threads: campaign.threads, abortSignal };
    perRow.set(key, await trainingSecondsPerRow(job.evaluation, size, settings).catch(orUndefined(abortSignal)));
  }
  const estimates = estimateJobs(jobs, {
    models: new Map([...measured].map(([name, { estimate }]) => [name, estimate])),
    tasks: sizes,
    trainingSecondsPerRow: (job) => perRow.get(rowKey(job)),
    lanes: campaign.threads ?? availableParallelism(),
    isFinished: (job) => files.has(job),
  });
  const planned = jobs.map((job, index) => ({
    job,
    file: files.get(job),
    estimate: estimates[index],
    problem: problems.get(job.model.name) ?? problemOf(tasks, job.task),
  }));
  view.end();
  context.stdout.write(options.json === true ? planJson(planned, measured) : planText(planned, measured));
  return planned.every(({ problem }) => problem !== undefined) ? refused : 0;
}

/** An archive that is not unpacked yet is not opened: a plan writes nothing. */
async function openWithoutUnpacking(
  { tasks, skipUnreadable }: Campaign,
  cache: string | undefined,
): Promise<OpenedTask[]> {
  const folder = cacheFolders(cache).tasks;
  const opened: OpenedTask[] = [];
  for (const path of tasks) {
    const isFile = await stat(path).then(
      (status) => status.isFile(),
      () => false,
    );
    const archives = isFile ? [path] : [...(await archivesIn(path)).values()];
    for (const archive of archives) {
      const unpacked = await fileSha256(archive)
        .then((hash) => stat(join(folder, hash)))
        .catch(() => undefined);
      if (unpacked !== undefined)
        opened.push(...(await openEachTask([archive], folder, { allowMissing: skipUnreadable })));
      else opened.push({ path: archive, error: notUnpacked(archive) });
    }
    if (isFile) continue;
    const inside = await openEachTask([path], folder, { allowMissing: skipUnreadable, archivesInside: false });
    opened.push(...inside.filter((item) => 'task' in item || archives.length === 0));
  }
  return opened;
}

function notUnpacked(archive: string): TaskError {
  return new TaskError({
    asked: `task '${archive}'`,
    found: 'an archive that no run has unpacked yet',
    fix: 'run it once, or pass the unpacked folder',
  });
}

/** The clips that a model is measured with are as long as those of the tasks on average, from 1 to 10 s. */
function typicalClip(sizes: readonly TaskEstimate[]): number {
  const clips = sizes.reduce((sum, size) => sum + size.clips, 0);
  const seconds = sizes.reduce((sum, size) => sum + size.seconds, 0);
  return clips === 0 ? 10 : Math.min(10, Math.max(1, seconds / clips));
}

function problemOf(tasks: readonly OpenedTask[], name: string): string | undefined {
  const item = tasks.find((one) => !('task' in one) && one.path === name);
  return item !== undefined && 'error' in item ? item.error.found : undefined;
}

function orUndefined(abortSignal: AbortSignal | undefined): (error: unknown) => undefined {
  return () => {
    abortSignal?.throwIfAborted();
    return undefined;
  };
}
