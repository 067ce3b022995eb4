import { FileArtifacts, decodeRecord, encodeRecord, keyName } from '@hearken/artifacts/node';
import { LoadedModel, type ModelFacts, modelToLoad, TaskWork, type WorkWay } from '@hearken/bench/jobs';
import { type Extensions, loadExtensions } from '@hearken/bench';
import { FileError } from '@hearken/core';
import { cacheFolders, readPlainFile } from '@hearken/core/node';
import { hashIdentity } from '@hearken/results/internal/node';
import { embedRuns } from '../jobs/embed-runs.js';
import type { JobData, JobScope, JobWay } from '../jobs/job-data.js';
import type { AnyJob, ChildAnswer, ChildSettings, JobProgress, RootPlan } from './messages.js';

/** What a job may say while it runs, and what stops it. */
export interface WorkCalls {
  readonly abortSignal: AbortSignal;
  readonly onRead: (clip: string) => void;
  readonly onComputed: (clips: number) => void;
  readonly onProgress: (progress: JobProgress) => void;
}

/** A job that has more children than this gets the others when these are done. */
const mostChildren = 5000;
/** Jobs of so many tasks may alternate without reading them again. */
const mostWorks = 4;
/** What a model says of itself is a few kilobytes. */
const maximumFactsBytes = 2 ** 24;

interface DescribedModel {
  readonly facts: ModelFacts;
  readonly secondsPerByte?: number;
}

/** Where a child process does its jobs, one after another. The model and the task of the last job stay open for the next. */
export class Workbench {
  readonly #artifacts: FileArtifacts;
  /** The model of the last job. */
  #model: { readonly key: string; readonly model: LoadedModel; readonly secondsPerByte?: number } | undefined;
  /** The tasks of the last jobs with the model, the last one last. */
  readonly #works = new Map<string, TaskWork>();
  #loads = 0;

  private constructor(
    readonly settings: ChildSettings,
    readonly extensions: Extensions,
  ) {
    this.#artifacts = new FileArtifacts(cacheFolders(settings.cache).artifacts);
  }

  /** @throws PluginError for a module that cannot be loaded */
  static async open(settings: ChildSettings): Promise<Workbench> {
    return new Workbench(settings, await loadExtensions(settings.extensions));
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
    const before = this.#model?.model.isOpen ?? false;
    const model = this.#model?.model;
    try {
      return await this.#run(job, calls);
    } finally {
      const isLoaded = this.#model?.model.isOpen ?? false;
      if (isLoaded && (!before || this.#model?.model !== model)) this.#loads += 1;
    }
  }

  async #run(job: AnyJob, calls: WorkCalls): Promise<ChildAnswer> {
    const { abortSignal } = calls;
    switch (job.kind) {
      case 'describe':
        return { sampleRate: await this.#describe(job.data, abortSignal) };
      case 'manifest':
        await this.#open(job.data, abortSignal, true);
        return null;
      case 'root':
        return this.#plan(job.data, abortSignal);
      case 'embed':
        await this.#embed(job.data, job.isRetry, calls);
        return null;
      case 'train':
        await (await this.#open(job.data, abortSignal)).train(job.data.part, plainWay(job.data.way), abortSignal);
        return null;
      case 'score':
        await (await this.#open(job.data, abortSignal)).score(plainWay(job.data.way), abortSignal);
        return null;
    }
  }

  async #describe(scope: JobScope, abortSignal: AbortSignal): Promise<number> {
    const key = modelKey(scope);
    const known = await this.#recall(key);
    if (known !== undefined) return known.facts.description.sampleRate;
    await this.#closeModel();
    const model = await LoadedModel.load(this.#toLoad(scope));
    this.#model = { key, model };
    const work = await this.#open(scope, abortSignal);
    const secondsPerByte = await work.secondsPerByte();
    this.#model = { key, model, secondsPerByte };
    const values: Record<string, unknown> = { facts: model.plainFacts, secondsPerByte };
    await this.#artifacts.write(key, encodeRecord(key, { values, arrays: {} }));
    return model.description.sampleRate;
  }

  /** What the root needs next, found out from what is there. */
  async #plan({ ways, state, ...scope }: JobData<'root'>, abortSignal: AbortSignal): Promise<RootPlan> {
    const hashBefore = state?.contentHash;
    // The task may have changed since this process looked at it for another campaign.
    const work = await this.#open({ ...scope, contentHash: hashBefore }, abortSignal, hashBefore === undefined);
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
    if (missing.length > 0) {
      const jobs = embedRuns(missing, this.#model?.secondsPerByte, mostChildren);
      return { step: 'embed', contentHash, missing: missing.length, jobs };
    }
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

  async #embed({ shards, ...scope }: JobData<'embed'>, isRetry: boolean, calls: WorkCalls): Promise<void> {
    const { abortSignal, onRead, onComputed, onProgress } = calls;
    const work = await this.#open(scope, abortSignal);
    const total = shards.reduce((sum, { clips }) => sum + clips, 0);
    let done = 0;
    let found = 0;
    await work.embed(shards, {
      abortSignal,
      // Embeddings do not depend on the batch.
      ...(isRetry ? { batchValues: 1 } : {}),
      onRead: (_, clip) => {
        onRead(clip);
      },
      onClips: (_, clips, from) => {
        done += clips;
        if (from === 'found') found += clips;
        else onComputed(clips);
        onProgress({ done, total, found });
      },
    });
  }

  /**
   * The task of a job with its model, opened; what earlier jobs have left open if it is the same.
   *
   * @param isFresh whether the task is looked at again in any case
   */
  async #open(
    scope: JobScope & { readonly contentHash?: string },
    abortSignal: AbortSignal,
    isFresh = false,
  ): Promise<TaskWork> {
    const { model } = await this.#known(scope);
    const { task, out, generalization, contentHash } = scope;
    const key = JSON.stringify([task, out, generalization]);
    let work = this.#works.get(key);
    if (isFresh || (contentHash !== undefined && work?.contentHash !== contentHash)) {
      work?.close();
      work = undefined;
    }
    this.#works.delete(key);
    if (work === undefined) {
      const { options, weights } = scope.model;
      const isDefaultModel = Object.keys(options ?? {}).length === 0 && weights === undefined;
      const { cache, threads } = this.settings;
      work = await TaskWork.open(
        { task, out, cache, generalization, isDefaultModel, runtime: { threads }, ...this.extensions },
        model,
        abortSignal,
      );
    }
    this.#works.set(key, work);
    for (const [oldest, one] of this.#works) {
      if (this.#works.size <= mostWorks) break;
      one.close();
      this.#works.delete(oldest);
    }
    if (contentHash !== undefined && work.contentHash !== contentHash) {
      throw new FileError({
        asked: `task '${task}' with content ${contentHash}`,
        found: `content ${work.contentHash}: it was changed after the campaign had begun`,
        fix: 'submit the campaign again when the task is complete',
      });
    }
    return work;
  }

  /** The model of a job, which is not loaded before it is needed. */
  async #known(scope: JobScope) {
    const key = modelKey(scope);
    if (this.#model?.key === key) return this.#model;
    await this.#closeModel();
    const described = await this.#recall(key);
    if (described === undefined) {
      throw new FileError({
        asked: `what model '${scope.model.name}' said of itself when the campaign began`,
        found: `nothing at '${this.#artifacts.localPath(key)}'`,
        fix: 'give all workers the same cache, and do not remove anything from it while a campaign runs',
      });
    }
    const { facts, secondsPerByte } = described;
    this.#model = { key, model: await LoadedModel.known(this.#toLoad(scope), facts), secondsPerByte };
    return this.#model;
  }

  #toLoad({ model }: JobScope) {
    return modelToLoad({ threads: this.settings.threads }, model, model.checkpoint);
  }

  /** What a model said of itself, from the cache that all workers share. */
  async #recall(key: string): Promise<DescribedModel | undefined> {
    const path = await this.#artifacts.fetch(key);
    if (path === undefined) return undefined;
    const bytes = await readPlainFile(path, { maximumBytes: maximumFactsBytes }).catch(() => undefined);
    const record = bytes && decodeRecord(bytes, key);
    if (record === undefined) await this.#artifacts.remove(key);
    return record?.values as DescribedModel | undefined;
  }

  async #closeModel(): Promise<void> {
    for (const work of this.#works.values()) work.close();
    this.#works.clear();
    const model = this.#model?.model;
    this.#model = undefined;
    await model?.release();
  }
}

/** Once for each model of a campaign: while it runs, the model must stay the same. */
function modelKey({ campaign, model }: JobScope): string {
  return `models/${campaign}/${keyName(model.name)}-${hashIdentity(model).slice(0, 20)}.record`;
}

function plainWay({ evaluation, trainFraction }: JobWay): WorkWay {
  return { evaluation, ...(trainFraction === undefined ? {} : { trainFraction }) };
}
