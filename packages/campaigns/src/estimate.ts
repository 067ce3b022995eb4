import type { CampaignJob } from './plan.js';

/** What a model costs, as measured. */
export interface ModelEstimate {
  /** Seconds to load it. */
  readonly loadSeconds: number;
  /** Seconds of computing for each second of signal. */
  readonly realTimeFactor: number;
  /** Peak memory of the process with the model in it, in bytes. */
  readonly memoryBytes: number;
  /** Values of a clip's embedding. */
  readonly sceneSize: number;
  /** Values of a timestamp's embedding. */
  readonly timestampSize: number;
}

/** How large a task is. */
export interface TaskEstimate {
  /** Seconds of signal of all clips. */
  readonly seconds: number;
  /** Number of clips in all splits. */
  readonly clips: number;
  /** Whether a clip has a row for each timestamp, and not a single one. */
  readonly hasTimestamps: boolean;
  /** Number of labels or targets. */
  readonly labels: number;
  /** Number of folds. */
  readonly folds: number;
  /** Share of the clips that train a fold. */
  readonly trainShare: number;
}

/** What is known for an estimate. */
export interface EstimateInput {
  /** By name of the model; those that cannot be loaded are missing. */
  readonly models: ReadonlyMap<string, ModelEstimate>;
  /** By id of the task; those that cannot be opened are missing. */
  readonly tasks: ReadonlyMap<string, TaskEstimate>;
  /** Seconds that one training takes for each row, with a model and in a way; undefined where that could not be measured. */
  readonly trainingSecondsPerRow: (job: CampaignJob) => number | undefined;
  /** How many trainings run at once. */
  readonly lanes: number;
  /** Whether a job is finished. */
  readonly isFinished: (job: CampaignJob) => boolean;
}

/** What a job will take; of a finished one, nothing. */
export interface JobEstimate {
  /** Seconds for embeddings that no earlier job of the plan needs. */
  readonly embedSeconds: number;
  /** Seconds for trainings. */
  readonly probeSeconds: number;
  /** Bytes of embeddings in the cache and of results. */
  readonly diskBytes: number;
}

/** HEAR asks for a timestamp every 50 ms or less often; most models have about this many a second. */
const timestampsPerSecond = 20;

/** A result without its predictions, in bytes. */
const resultBytes = 20_000;

/** What each job will take, in the order of the jobs; undefined where the model or the task is not known. */
export function estimateJobs(jobs: readonly CampaignJob[], input: EstimateInput): (JobEstimate | undefined)[] {
  const embedded = new Set<string>();
  return jobs.map((job) => {
    if (input.isFinished(job)) return { embedSeconds: 0, probeSeconds: 0, diskBytes: 0 };
    const model = input.models.get(job.model.name);
    const task = input.tasks.get(job.task);
    const perRow = input.trainingSecondsPerRow(job);
    if (model === undefined || task === undefined || perRow === undefined || job.evaluation === undefined)
      return undefined;
    const rows = task.hasTimestamps ? task.seconds * timestampsPerSecond : task.clips;
    const size = task.hasTimestamps ? model.timestampSize : model.sceneSize;
    const pair = JSON.stringify([job.model.name, job.task]);
    const isFirst = !embedded.has(pair);
    embedded.add(pair);
    const trainRows = rows * task.trainShare * (job.trainFraction ?? 1);
    const count = trainings(job.evaluation, task.folds);
    return {
      embedSeconds: isFirst ? task.seconds * model.realTimeFactor : 0,
      probeSeconds: (trainRows * perRow * count) / Math.min(input.lanes, count),
      diskBytes: (isFirst ? rows * size * 4 : 0) + rows * task.labels * 4 + resultBytes,
    };
  });
}

/** The grid on the first fold, then the chosen configuration on the other folds and with the other seeds. */
function trainings({ gridPoints, seeds }: { gridPoints: number; seeds: number }, folds: number): number {
  return gridPoints + folds * seeds - 1;
}
