import { type CampaignJob, CampaignProgress, type CampaignModel } from '@hearken/campaigns';
import { hasFailed, type BenchmarkEvent } from '../../run/benchmark.js';
import { leftText, type ProgressView } from './progress-view.js';
import { runProgress } from './run-progress.js';

/** Shows how far a campaign is. */
export interface CampaignView {
  /** The jobs are known. */
  plan(jobs: readonly CampaignJob[]): void;
  /** Something happened with a model. */
  event(event: BenchmarkEvent, model: CampaignModel): void;
  /** Nothing more comes of a model. */
  modelFailed(model: CampaignModel): void;
}

/**
 * Shows the events of a campaign on a view. If there are several jobs, it also says how many are done, running, waiting and
 * failed, and when the last one ends.
 */
export function campaignProgress(
  view: ProgressView,
  { debug = false, now = () => performance.now() / 1000 }: { debug?: boolean; now?: () => number } = {},
): CampaignView {
  let progress = new CampaignProgress([]);
  /** Index of the job in the whole campaign. */
  let job = 0;
  let modelsAndWays = 1;
  /** When it was last shown: the estimate takes time if there are thousands of jobs. */
  let shownAt = Number.NEGATIVE_INFINITY;
  const names = () => progress.jobs[job];
  const show = runProgress(view, {
    debug,
    now,
    taskLine: ({ task }) => {
      const of = `${job + 1} of ${progress.jobs.length}`;
      return modelsAndWays > 1 ? `Job ${of}: ${names().model.name} on ${task}` : `Task ${of}: ${task}`;
    },
  });
  const showWhole = () => {
    const { jobs } = progress;
    shownAt = now();
    if (jobs.length < 2) return;
    const { waiting, running, done, found, failed } = progress.counts();
    const parts = [
      `${done + found} of ${jobs.length} done${found > 0 ? ` (${found} before this run)` : ''}`,
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(running > 0 ? [`${running} running`] : []),
      `${waiting} waiting`,
    ];
    view.whole?.(done + found + failed, jobs.length, parts.join(', ') + leftText(progress.secondsLeft(now())));
  };
  const startsAt = (model: CampaignModel) => progress.jobs.findIndex((one) => one.model.name === model.name);
  return {
    plan(jobs) {
      progress = new CampaignProgress(jobs);
      modelsAndWays = new Set(jobs.map(({ model, evaluation }) => JSON.stringify([model.name, evaluation?.name]))).size;
    },
    event(event, model) {
      if (event.kind === 'task') {
        job = startsAt(model) + event.index;
        progress.start(job, now());
      }
      show(event);
      if (event.kind === 'outcome') {
        const { outcome } = event;
        if (hasFailed(outcome)) progress.end(job, 'failed');
        else if (outcome.reused) progress.end(job, 'found');
        else progress.end(job, 'done', outcome.result.seconds);
      }
      const isWork = event.kind === 'embed' || event.kind === 'probe';
      if (event.kind === 'task' || (isWork && now() >= shownAt + 1)) showWhole();
    },
    modelFailed(model) {
      for (const [index, one] of progress.jobs.entries()) {
        if (one.model.name === model.name) progress.end(index, 'failed');
      }
    },
  };
}
