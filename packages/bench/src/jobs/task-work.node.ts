import type { Artifacts, Shard } from '@hearken/artifacts';
import { taskManifest, type TaskManifest } from '@hearken/artifacts/node';
import { isHearkenError, signalBatch, TaskError } from '@hearken/core';
import type { EvaluationIdentity } from '@hearken/results/node';
import { resample } from '@hearken/signals/onnx';
import type { Task } from '@hearken/tasks';
import { chooseSampleRate, openTask, readClip } from '@hearken/tasks/node';
import { checkFits } from '../embeddings/check-fits.js';
import {
  embedShards,
  type EmbedShardsOptions,
  type MissingShard,
  type ShardWork,
} from '../embeddings/embed-shards.node.js';
import { poolingOf } from '../embeddings/pooling.js';
import { clipPath, taskShards, type TaskShards } from '../embeddings/task-shards.node.js';
import { missingTrainings, trainPart } from '../evaluation/evaluate-with.js';
import type { EvaluationInput } from '../evaluation/evaluation.js';
import type { TrainingPart } from '../evaluation/runner.js';
import { taskScoring } from '../kinds/registry.js';
import { createProbeSession } from '../probes/probe-session.node.js';
import { type BenchmarkOptions, checkpointFolder, type FinishedTask } from '../run/benchmark.js';
import { type EmbeddedTask, findStored } from '../run/embed-task.node.js';
import type { LoadedModel } from '../run/loaded-model.node.js';
import { type PreparedTask, prepareTask } from '../run/prepare-task.node.js';
import { resolveRun, type RunContext } from '../run/run-context.node.js';
import { findFinished, runPrepared } from '../run/run-task.node.js';
import type { OpenedTraining } from '../run/finetune.node.js';
import {
  evaluationInput,
  evaluationOptions,
  openEmbedded,
  openTrainingOf,
  type TaskRun,
} from '../run/score-task.node.js';

/** One way of scoring a model on a task: it ends with one result. */
export interface WorkWay {
  /** How a probe is trained. */
  readonly evaluation: EvaluationIdentity;
  /** Share of the training clips; default: all. */
  readonly trainFraction?: number;
}

/** Consecutive clips of a split whose embeddings are one file. */
export interface SizedShard extends Shard {
  /** Size of the clips' files. */
  readonly bytes: number;
}

/** What a clip costs, in seconds for each byte of its file. */
export interface ClipCost {
  /** Embedding it. */
  readonly model: number;
  /** Reading and resampling it. */
  readonly reading: number;
}

/** Where a task is, and how and where it is scored. */
export type TaskWorkOptions = Omit<
  BenchmarkOptions,
  | ('model' | 'checkpoint' | 'modelOptions' | 'tasks' | 'evaluation' | 'trainFractions')
  // Each piece of work would have to read all clips to know which of them cannot be read.
  | 'skipUnreadable'
  | ('accepts' | 'force' | 'registry' | 'evaluate' | 'abortSignal' | 'onEvent')
> & {
  /** The task's folder. */
  readonly task: string;
  /** Whether the model was loaded without options, as for a default result. */
  readonly isDefaultModel: boolean;
  /** Called with what the user should know. */
  readonly onNote?: (message: string) => void;
};

/**
 * A model on a task, divided into pieces of work that any process can do in any order: shards of embeddings, then
 * trainings, then results. What is finished is known from the artifacts alone, so several processes may work on the same
 * task, and doing something twice changes nothing. Together they compute what `runBenchmark` computes.
 */
export class TaskWork {
  readonly #prepared = new Map<string, PreparedTask>();
  readonly #shards: TaskShards;
  #input:
    | {
        readonly way: string;
        readonly input: EvaluationInput;
        readonly embedded: EmbeddedTask;
        readonly training: OpenedTraining | undefined;
      }
    | undefined;

  private constructor(
    /** The task, opened. */
    readonly task: Task,
    private readonly model: LoadedModel,
    private readonly manifest: TaskManifest,
    private readonly artifacts: Artifacts,
    private readonly options: TaskWorkOptions,
  ) {
    this.#shards = taskShards(task, model.description, manifest, undefined);
  }

  /**
   * Opens a task, and hashes what is new of it.
   *
   * @throws TaskError for a task that cannot be opened, or that the model or a metric does not fit
   */
  static async open(options: TaskWorkOptions, model: LoadedModel, abortSignal?: AbortSignal): Promise<TaskWork> {
    const task = await openTask(options.task);
    checkFits(task, model.description);
    // Unknown metrics, and metrics for other kinds of task, fail here and not after hours of embedding.
    taskScoring(task.metadata, task.labels, options.metrics);
    const { artifacts, cache } = resolveRun({ ...options, model: '', tasks: [] });
    const rate = chooseSampleRate(task, model.description.sampleRate);
    const manifest = await taskManifest(task, [rate], { folder: cache.manifests, abortSignal });
    return new TaskWork(task, model, manifest, artifacts, options);
  }

  /** Identifies the task's content. */
  get contentHash(): string {
    return this.manifest.contentHash;
  }

  /** The result of a way of scoring, if it is there. */
  async finished(way: WorkWay): Promise<FinishedTask | undefined> {
    const { finished } = await findFinished(await this.#prepare(way), { model: this.model }, this.#context(way));
    return finished;
  }

  /** The shards of embeddings that are missing or damaged, and the size of their clips' files. */
  async missingShards(): Promise<SizedShard[]> {
    const { missing } = await findStored(this.#shards, this.artifacts);
    return missing.map(({ shard }) => ({ ...shard, bytes: this.#bytesOf(shard) }));
  }

  /**
   * Computes some shards; those that are there already are skipped.
   *
   * @param others the same task with other models of the same sample rate and channels, for which the same shards are
   *   computed, so that each clip is read once for all of them. What goes wrong with one of these is told to `onOther`,
   *   and leaves its shards missing.
   * @throws TaskError if there is no such shard; as `embedShards`
   */
  async embed(
    wanted: readonly Shard[],
    options: Pick<EmbedShardsOptions, 'abortSignal' | 'batchValues' | 'onClips' | 'onRead' | 'onEmbedded'> & {
      readonly onOther?: (other: TaskWork, error: unknown) => void;
    } = {},
    others: readonly TaskWork[] = [],
  ): Promise<void> {
    const { artifacts, manifest, task } = this;
    const { onOther, ...rest } = options;
    const works = new Map<ShardWork, TaskWork>();
    for (const one of [this, ...others]) {
      try {
        const missing = await one.#missingOf(wanted);
        if (missing.length === 0) continue;
        const { plugin } = one.model;
        works.set({ shards: one.#shards, missing, plugin, embedder: await one.model.open() }, one);
      } catch (error) {
        if (one === this || !isHearkenError(error)) throw error;
        onOther?.(one, error);
      }
    }
    if (works.size === 0) return;
    const onFailed = (work: ShardWork, error: unknown) => {
      const one = works.get(work)!;
      if (one === this) throw error;
      onOther?.(one, error);
    };
    await embedShards(task, [...works.keys()], { ...rest, artifacts, manifest, onFailed });
  }

  async #missingOf(wanted: readonly Shard[]): Promise<MissingShard[]> {
    const nameOf = ({ split, first, clips }: Shard) => JSON.stringify([split, first, clips]);
    const names = new Set(wanted.map(nameOf));
    const found = this.#shards.shards.filter((shard) => names.has(nameOf(shard)));
    if (found.length !== names.size) {
      throw new TaskError({
        asked: `${names.size} shards of task '${this.task.id}'`,
        found: `only ${found.length} of them: the task is not what it was`,
        fix: 'do not change a task while it is scored, and start again',
      });
    }
    return (await findStored({ ...this.#shards, shards: found }, this.artifacts)).missing;
  }

  /** The trainings that are needed next and not done, see `missingTrainings`; none if a result only has to be written. */
  async missingTrainings(way: WorkWay): Promise<TrainingPart[]> {
    const { input, options } = await this.#evaluation(way);
    return missingTrainings(createProbeSession, input, options);
  }

  /** Does one training, and keeps it. */
  async train(part: TrainingPart, way: WorkWay, abortSignal?: AbortSignal): Promise<void> {
    const { input, options } = await this.#evaluation(way, abortSignal);
    await trainPart(createProbeSession, input, options, part);
  }

  /** Writes the result of a way of scoring, after computing what is missing for it. */
  async score(way: WorkWay, abortSignal?: AbortSignal): Promise<FinishedTask> {
    const { trainFraction } = way;
    const use = { model: this.model, isLast: false, trainFraction };
    return runPrepared(await this.#prepare(way), use, this.#context(way, abortSignal), this.#note);
  }

  /**
   * What clips cost, measured with the task's first one; undefined if that one cannot be embedded.
   *
   * @throws HearkenError if the model cannot be loaded
   */
  async clipCost(): Promise<ClipCost | undefined> {
    const { plugin, description } = this.model;
    const { sampleRate, channels } = description;
    const embedder = await this.model.open();
    const [shard] = this.#shards.shards;
    const clip = this.task.splits.get(shard.split)![shard.first];
    const bytes = Math.max(1, this.#bytesOf({ ...shard, clips: 1 }));
    const read = () => readClip(this.task, shard.split, clip, { sampleRate, channels, resample });
    const pooling = poolingOf(this.task.metadata);
    try {
      const batch = signalBatch([await read()], channels);
      // The first time includes preparations.
      await pooling.embed(batch, 1, { plugin, embedder });
      const start = performance.now();
      await pooling.embed(batch, 1, { plugin, embedder });
      const embedded = performance.now();
      await read();
      const end = performance.now();
      return { model: (embedded - start) / 1000 / bytes, reading: (end - embedded) / 1000 / bytes };
    } catch (error) {
      // Whoever embeds this clip says what is wrong with it.
      if (isHearkenError(error)) return undefined;
      throw error;
    }
  }

  /** Closes the files that it reads embeddings from. */
  close(): void {
    this.#input?.embedded.close();
    void this.#input?.training?.dispose();
    this.#input = undefined;
  }

  #bytesOf({ split, first, clips }: Shard): number {
    const { sampleRate } = this.model.description;
    const files = this.task.splits
      .get(split)!
      .slice(first, first + clips)
      .map(({ name }) => this.manifest.file(clipPath(this.task, sampleRate, split, name)));
    return files.reduce((sum, file) => sum + (file?.bytes ?? 0), 0);
  }

  async #prepare(way: WorkWay): Promise<PreparedTask> {
    const key = JSON.stringify(way);
    const known = this.#prepared.get(key);
    if (known !== undefined) return known;
    const { trainFraction } = way;
    const use = { model: this.model, trainFraction };
    const prepared = await prepareTask(this.task, use, this.#context(way), this.#note, this.manifest);
    this.#prepared.set(key, prepared);
    return prepared;
  }

  async #evaluation(way: WorkWay, abortSignal?: AbortSignal) {
    const context = this.#context(way, abortSignal);
    const prepared = await this.#prepare(way);
    const { place } = await findFinished(prepared, { model: this.model }, context);
    const run: TaskRun = {
      ...prepared,
      ...(context.keepsModels ? { checkpoints: checkpointFolder(place.path) } : {}),
      ...{ model: this.model, isLast: false, trainFraction: way.trainFraction, note: this.#note },
    };
    const key = JSON.stringify(way);
    if (this.#input?.way !== key) {
      this.close();
      const training = await openTrainingOf(run, context);
      const embedded = await openEmbedded(run, context, training).catch(async (cause: unknown) => {
        await training?.dispose();
        throw cause;
      });
      this.#input = { way: key, input: evaluationInput(run, embedded), embedded, training };
    }
    return { input: this.#input.input, options: evaluationOptions(run, context, this.#input.training) };
  }

  readonly #note = (message: string) => this.options.onNote?.(message);

  #context({ evaluation }: WorkWay, abortSignal?: AbortSignal): RunContext {
    const { isDefaultModel } = this.options;
    const context = resolveRun({ ...this.options, model: '', tasks: [], evaluation, abortSignal });
    return { ...context, isDefaultModel };
  }
}
