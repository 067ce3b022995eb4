import { join } from 'node:path';
import type { Artifacts } from '@hearken/artifacts';
import { BlobCache, decodeRecord, encodeRecord, keyName } from '@hearken/artifacts/node';
import type { Extensions } from '@hearken/bench';
import { type ClipCost, LoadedModel, type ModelFacts, modelToLoad, openStore, TaskWork } from '@hearken/bench/jobs';
import { FileError } from '@hearken/core';
import { cacheFolders, readPlainFile } from '@hearken/core/node';
import { hashIdentity } from '@hearken/results/internal/node';
import { type JobScope, mostTogether } from '../jobs/job-data.js';
import { localPath } from '../jobs/stored-checkpoints.node.js';
import type { ChildSettings } from './messages.js';

/** So many models stay known; of these, only what the last jobs with a model needed is in memory. */
const mostModels = 16;
/** Jobs of so many tasks and models may alternate without looking at their files again; a job may need all of them. */
const mostWorks = mostTogether;
/** So many of these keep the embeddings that they have read for trainings. */
const mostWithEmbeddings = 4;
/** What a model says of itself is a few kilobytes. */
const maximumFactsBytes = 2 ** 24;

/** What is known of a model. */
export interface KnownModel {
  readonly key: string;
  readonly model: LoadedModel;
  /** Undefined if the clip that it was to be measured with cannot be embedded. */
  readonly cost: ClipCost | undefined;
}

/** The models and tasks that the jobs of a process share. */
export class OpenModels {
  /** By their keys, the last used one last. */
  readonly #models = new Map<string, KnownModel>();
  /** By model and task, the last used one last. */
  readonly #works = new Map<string, { readonly modelKey: string; readonly work: TaskWork }>();

  readonly #checkpoints: BlobCache;

  private constructor(
    readonly settings: ChildSettings,
    readonly extensions: Extensions,
    private readonly artifacts: Artifacts,
  ) {
    this.#checkpoints = new BlobCache(join(cacheFolders(settings.cache).root, 'checkpoints'));
  }

  /** @throws FileError for a store that can't be used */
  static async open(settings: ChildSettings, extensions: Extensions): Promise<OpenModels> {
    return new OpenModels(settings, extensions, await openStore(settings.cache, settings.store));
  }

  /** The models that are in memory. */
  get loaded(): ReadonlySet<LoadedModel> {
    return new Set([...this.#models.values()].map(({ model }) => model).filter(({ isOpen }) => isOpen));
  }

  /** Frees all models but those that are needed next. */
  async freeAllBut(scopes: readonly JobScope[]): Promise<void> {
    const needed = new Set(scopes.map(modelKey));
    for (const { key, model } of this.#models.values()) if (!needed.has(key)) await model.release();
  }

  /** A model that was described before; undefined if it was not. It is not loaded before it is needed. */
  async known(scope: JobScope): Promise<KnownModel | undefined> {
    const key = modelKey(scope);
    const open = this.#models.get(key);
    const known = open ?? (await this.#recall(scope, key));
    if (known !== undefined) await this.#keep(known);
    return known;
  }

  /** Loads a model, and keeps what it says of itself for all processes that share the cache. */
  async describe(scope: JobScope, abortSignal: AbortSignal): Promise<KnownModel> {
    const key = modelKey(scope);
    const model = await LoadedModel.load(this.#toLoad(scope));
    await this.#keep({ key, model, cost: undefined });
    const cost = await (await this.work(scope, abortSignal)).clipCost();
    const known = { key, model, cost };
    await this.#keep(known);
    const values: Record<string, unknown> = { facts: model.plainFacts, cost };
    await this.artifacts.write(key, encodeRecord(key, { values, arrays: {} }));
    return known;
  }

  /**
   * The task of a job with its model, opened; what earlier jobs have left open if it is the same.
   *
   * @param isFresh whether the task is looked at again in any case
   * @throws FileError if the model was not described, or the task was changed
   */
  async work(
    scope: JobScope & { readonly contentHash?: string },
    abortSignal: AbortSignal,
    isFresh = false,
  ): Promise<TaskWork> {
    const known = await this.known(scope);
    if (known === undefined) throw this.#undescribed(scope);
    const { task, out, generalization, contentHash } = scope;
    const key = JSON.stringify([known.key, task, out, generalization]);
    let work = this.#works.get(key)?.work;
    if (isFresh || (contentHash !== undefined && work?.contentHash !== contentHash)) {
      work?.close();
      work = undefined;
    }
    this.#works.delete(key);
    work ??= await this.#openWork(scope, known.model, abortSignal);
    this.#works.set(key, { modelKey: known.key, work });
    for (const [oldest, one] of [...this.#works].slice(0, -mostWithEmbeddings)) {
      one.work.close();
      if (this.#works.size > mostWorks) this.#works.delete(oldest);
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

  #openWork(scope: JobScope, model: LoadedModel, abortSignal: AbortSignal): Promise<TaskWork> {
    const { task, out, generalization } = scope;
    const { options, weights } = scope.model;
    const isDefaultModel = Object.keys(options ?? {}).length === 0 && weights === undefined;
    const { cache, threads } = this.settings;
    return TaskWork.open(
      {
        task,
        out,
        cache,
        artifacts: this.artifacts,
        generalization,
        isDefaultModel,
        runtime: { threads },
        ...this.extensions,
      },
      model,
      abortSignal,
    );
  }

  async #keep(known: KnownModel): Promise<void> {
    this.#models.delete(known.key);
    this.#models.set(known.key, known);
    for (const [oldest, { model }] of this.#models) {
      if (this.#models.size <= mostModels) break;
      this.#models.delete(oldest);
      for (const [key, { modelKey: of, work }] of this.#works) {
        if (of !== oldest) continue;
        work.close();
        this.#works.delete(key);
      }
      await model.release();
    }
  }

  #toLoad({ model }: JobScope) {
    const localCheckpoint = () => localPath(model, this.artifacts, this.#checkpoints);
    return { ...modelToLoad({ threads: this.settings.threads }, model, model.checkpoint), localCheckpoint };
  }

  /** What a model said of itself, from the cache that all workers share. */
  async #recall(scope: JobScope, key: string): Promise<KnownModel | undefined> {
    const path = await this.artifacts.fetch(key);
    if (path === undefined) return undefined;
    const bytes = await readPlainFile(path, { maximumBytes: maximumFactsBytes }).catch(() => undefined);
    const record = bytes && decodeRecord(bytes, key);
    if (record === undefined) {
      await this.artifacts.remove(key);
      return undefined;
    }
    const { facts, cost } = record.values as { readonly facts: ModelFacts; readonly cost?: ClipCost };
    return { key, model: await LoadedModel.known(this.#toLoad(scope), facts), cost };
  }

  #undescribed(scope: JobScope): FileError {
    return new FileError({
      asked: `what model '${scope.model.name}' said of itself when the campaign began`,
      found: `nothing at '${this.artifacts.localPath(modelKey(scope))}'`,
      fix: 'give all workers the same cache, and do not remove anything from it while a campaign runs',
    });
  }
}

/** Once for each model of a campaign: while it runs, the model must stay the same. */
function modelKey({ campaign, model }: JobScope): string {
  return `models/${campaign}/${keyName(model.name)}-${hashIdentity(model).slice(0, 20)}.record`;
}
