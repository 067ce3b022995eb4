import { loadExtensions } from '@hearken/bench';
import type { SizedShard, TaskWork, WorkWay } from '@hearken/bench/jobs';
import { embedRuns } from '../jobs/embed-runs.js';
import type { JobData, JobScope, JobWay } from '../jobs/job-data.js';
import type { AnyJob, ChildAnswer, ChildSettings, JobProgress, Mates, ModelSummary, RootPlan } from './messages.js';
import { OpenModels } from './open-models.node.js';

/** What a job may say while it runs, and what stops it. */
export interface WorkCalls {
  readonly abortSignal: AbortSignal;
  readonly onRead: (clip: string) => void;
  readonly onComputed: (clips: number) => void;
  readonly onProgress: (progress: JobProgress) => void;
}

/** A job that has more children than this gets the others when these are done. */
const mostChildren = 5000;
/** A model that takes less than so many times as long as reading a clip shares the clips that are read with others. */
const lightBelow = 5;

/** Where a child process does its jobs, one after another. What the last jobs have opened stays open for the next. */
export class Workbench {
  readonly #models: OpenModels;
  #loads = 0;

  private constructor(models: OpenModels) {
    this.#models = models;
  }

  /** @throws PluginError for a module that cannot be loaded; FileError for a store that can't be used */
  static async open(settings: ChildSettings): Promise<Workbench> {
    return new Workbench(await OpenModels.open(settings, await loadExtensions(settings.extensions)));
  }

  /** How often a model was loaded. */
  get loads(): number {
    return this.#loads;
  }

  /**
   * Does a job.
   *
   * @throws HearkenError for what is wrong with the model or the task; the abort signal's reason
   */
  async run(job: AnyJob, calls: WorkCalls): Promise<ChildAnswer> {
    const before = this.#models.loaded;
    try {
      return await this.#run(job, calls);
    } finally {
      this.#loads += [...this.#models.loaded].filter((model) => !before.has(model)).length;
    }
  }

  async #run(job: AnyJob, calls: WorkCalls): Promise<ChildAnswer> {
    const { abortSignal } = calls;
    switch (job.kind) {
      case 'describe':
        return this.#describe(job.data, abortSignal);
      case 'manifest':
        await this.#models.work(job.data, abortSignal, true);
        return null;
      case 'root':
        return this.#plan(job, abortSignal);
      case 'embed':
        await this.#embed(job.data, job.isRetry, calls);
        return null;
      case 'train':
        await (
          await this.#models.work(job.data, abortSignal)
        ).train(job.data.part, plainWay(job.data.way), abortSignal);
        return null;
      case 'score':
        await (await this.#models.work(job.data, abortSignal)).score(plainWay(job.data.way), abortSignal);
        return null;
    }
  }

  async #describe(scope: JobScope, abortSignal: AbortSignal): Promise<ModelSummary> {
    let known = await this.#models.known(scope);
    if (known === undefined) {
      await this.#models.freeAllBut([scope]);
      known = await this.#models.describe(scope, abortSignal);
    }
    const { model, cost } = known;
    const { sampleRate, channels } = model.description;
    return { sampleRate, channels, isLight: cost !== undefined && cost.model < lightBelow * cost.reading };
  }

  /** What the root needs next, found out from what is there. */
  async #plan(job: Extract<AnyJob, { kind: 'root' }>, abortSignal: AbortSignal): Promise<RootPlan> {
    const { ways, state, ...scope } = job.data;
    const hashBefore = state?.contentHash;
    // The task may have changed since this process looked at it for another campaign.
    const work = await this.#models.work({ ...scope, contentHash: hashBefore }, abortSignal, hashBefore === undefined);
    const { contentHash } = work;
    const results: string[] = [];
    const open: number[] = [];
    for (const [index, way] of ways.entries()) {
      const finished = await work.finished(plainWay(way));
      if (finished !== undefined) results.push(finished.path);
      else if (state?.failures[String(index)] === undefined) open.push(index);
    }
    if (open.length === 0) return { step: 'end', results };
    const missing = await work.missingShards();
    if (missing.length > 0) return this.#planEmbedding({ ...scope, contentHash }, missing, job.mates, abortSignal);
    const trainings: { way: number; part: JobData<'train'>['part'] }[] = [];
    const scores: number[] = [];
    for (const way of open) {
      abortSignal.throwIfAborted();
      const parts = await work.missingTrainings(plainWay(ways[way]));
      if (parts.length === 0) scores.push(way);
      for (const part of parts) trainings.push({ way, part });
      if (trainings.length >= mostChildren) break;
    }
    return { step: 'probe', contentHash, trainings: trainings.slice(0, mostChildren), scores };
  }

  /** Jobs for what is missing of a model's embeddings, and of those that are computed with them. */
  async #planEmbedding(
    scope: JobScope & { readonly contentHash: string },
    missing: readonly SizedShard[],
    mates: Mates | undefined,
    abortSignal: AbortSignal,
  ): Promise<RootPlan> {
    const { contentHash } = scope;
    const { before = [], after = [] } = mates ?? {};
    const lacksEmbeddings = async (model: JobScope['model']) => {
      const work = await this.#models.work({ ...scope, model }, abortSignal);
      return (await work.missingShards()).length > 0;
    };
    for (const model of before) if (await lacksEmbeddings(model)) return { step: 'wait', contentHash };
    const together: JobScope['model'][] = [];
    for (const model of after) if (await lacksEmbeddings(model)) together.push(model);
    let seconds: number | undefined = 0;
    for (const model of [scope.model, ...together]) {
      const known = await this.#models.known({ ...scope, model });
      seconds = known?.cost === undefined || seconds === undefined ? undefined : seconds + known.cost.model;
    }
    const jobs = embedRuns(missing, seconds, mostChildren);
    return { step: 'embed', contentHash, missing: missing.length, jobs, together };
  }

  async #embed(
    { shards, together = [], ...scope }: JobData<'embed'>,
    isRetry: boolean,
    calls: WorkCalls,
  ): Promise<void> {
    const { abortSignal, onRead, onComputed, onProgress } = calls;
    // Another model may have ended the process: it gets its embeddings by jobs of its own.
    const others = isRetry ? [] : together.map((model) => ({ ...scope, model }));
    await this.#models.freeAllBut([scope, ...others]);
    const work = await this.#models.work(scope, abortSignal);
    const mates: TaskWork[] = [];
    for (const other of others) mates.push(await this.#models.work(other, abortSignal));
    const total = (1 + mates.length) * shards.reduce((sum, { clips }) => sum + clips, 0);
    let done = 0;
    let found = 0;
    await work.embed(
      shards,
      {
        abortSignal,
        // Embeddings do not depend on the batch.
        ...(isRetry ? { batchValues: 1 } : {}),
        onRead: (_, clip) => {
          onRead(clip);
        },
        onEmbedded: onComputed,
        onClips: (_, clips, from) => {
          done += clips;
          if (from === 'found') found += clips;
          onProgress({ done, total, found });
        },
      },
      mates,
    );
  }
}

function plainWay({ evaluation, trainFraction }: JobWay): WorkWay {
  return { evaluation, ...(trainFraction === undefined ? {} : { trainFraction }) };
}
