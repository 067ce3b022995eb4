import type { Artifacts, Shard } from '@hearken/artifacts';
import { isUnchanged, ShardWriter, type TaskManifest } from '@hearken/artifacts/node';
import { type Embedder, FileError, isHearkenError, type Plugin, sliceBatch, TaskError } from '@hearken/core';
import { resample } from '@hearken/signals/onnx';
import { readClip } from '@hearken/tasks/node';
import type { Clip, Task } from '@hearken/tasks';
import { embedBatch } from './embed-batch.js';
import { batchSignals, type LabelledBatch, oneAhead, readInOrder } from './signal-batches.js';
import { clipPath, type TaskShards } from './task-shards.node.js';

/** A shard to compute. */
export interface MissingShard {
  readonly shard: Shard;
  /** Whether one is there that is damaged. */
  readonly isDamaged: boolean;
}

/** A model, and which shards of its embeddings of a task are to be computed. */
export interface ShardWork {
  readonly shards: TaskShards;
  readonly missing: readonly MissingShard[];
  readonly plugin: Plugin;
  readonly embedder: Embedder;
}

/** How to compute shards. */
export interface EmbedShardsOptions {
  readonly artifacts: Artifacts;
  readonly manifest: TaskManifest;
  /** Maximum number of values per batch, all clips and channels together. */
  readonly batchValues?: number;
  /** Stops embedding; finished clips are kept. */
  readonly abortSignal?: AbortSignal;
  /** Called before a clip is read: should the process die, it was one of the last ones. */
  readonly onRead?: (split: string, clip: string) => void;
  /** Called when so many of the clips that were read last have their embeddings, from all models. */
  readonly onEmbedded?: (clips: number) => void;
  /** Called when clips have a model's embeddings: computed here, or finished by another process or an earlier run. */
  readonly onClips?: (split: string, clips: number, from: 'computed' | 'found') => void;
  /** Called when a model cannot embed a clip: unless this throws, its other shards are left out. Default: it throws. */
  readonly onFailed?: (work: ShardWork, error: unknown) => void;
}

/** A shard of one model that is being computed. */
interface OpenShard {
  readonly work: ShardWork;
  readonly writer: ShardWriter;
  readonly isDamaged: boolean;
}

/** A clip and the shards that it belongs to: one for each model that needs it. */
interface ShardClip {
  readonly shard: Shard;
  readonly open: readonly OpenShard[];
  /** Its place in the shard. */
  readonly index: number;
  readonly clip: Clip;
}

/**
 * Computes shards of a task's embeddings, and continues those that another run has begun. Any number of processes may do
 * so at the same time: a process that finds that another one has computed the same shard goes on somewhere else.
 *
 * Several models share what is read: each clip is read and resampled once for all of them.
 *
 * @param works one for each model; all have the same sample rate, channels and kind of embeddings
 * @throws TaskError, SignalError or EmbedderError naming the clip that cannot be read or embedded; FileError if the artifacts cannot be written; the abort signal's reason
 */
export async function embedShards(task: Task, works: readonly ShardWork[], options: EmbedShardsOptions): Promise<void> {
  const { artifacts, manifest, abortSignal, batchValues, onClips } = options;
  const { sampleRate, channels } = works[0].embedder;
  let left = groupShards(works);
  const failed = new Set<ShardWork>();
  const unfinished = new Set<OpenShard>();
  /** How many clips of each shard have been reported. */
  const reported = new Map<string, number>();

  /** The clips that are still to be embedded; finds out what is finished when their turn comes. */
  async function* clipsOf(next: readonly ShardGroup[]): AsyncGenerator<ShardClip> {
    for (const group of next) {
      const { shard, missing } = group;
      const open: OpenShard[] = [];
      for (const { work, isDamaged } of missing) {
        if (failed.has(work)) continue;
        const key = work.shards.keyOf(shard);
        if (!isDamaged && (await artifacts.has(key))) {
          report(work, shard, shard.clips, 'found');
          continue;
        }
        const writer = await ShardWriter.open(artifacts, key, shard, work.shards.kind);
        const one = { work, writer, isDamaged };
        report(work, shard, writer.clips, 'found');
        unfinished.add(one);
        if (writer.clips === shard.clips) await finish(one);
        else open.push(one);
      }
      if (open.length === 0) done(shard);
      const from = Math.min(shard.clips, ...open.map(({ writer }) => writer.clips));
      const clips = task.splits.get(shard.split)!.slice(shard.first, shard.first + shard.clips);
      for (let index = from; index < shard.clips; index += 1) yield { shard, open, index, clip: clips[index] };
    }
  }

  const read = async ({ shard: { split }, clip }: ShardClip) => {
    options.onRead?.(split, clip.name);
    const signal = await readClip(task, split, clip, { sampleRate, channels, resample }).catch(withAdvice);
    const facts = manifest.file(clipPath(task, sampleRate, split, clip.name));
    // A clip that was missing when the task was hashed has come since.
    if (facts === undefined || !(await isUnchanged(task.folder, facts))) throw changed(task, split, clip);
    return signal;
  };

  /** Reports the clips of a shard that are finished, except those that have been reported. */
  const report = (work: ShardWork, shard: Shard, clips: number, from: 'computed' | 'found') => {
    const key = work.shards.keyOf(shard);
    const more = clips - (reported.get(key) ?? 0);
    if (more <= 0) return;
    reported.set(key, clips);
    onClips?.(shard.split, more, from);
  };

  const done = (shard: Shard) => (left = left.filter((one) => one.shard !== shard));

  /** @returns whether another process has finished it in the meantime */
  const finish = async (one: OpenShard): Promise<boolean> => {
    const isStored = await one.writer.finish(one.isDamaged);
    unfinished.delete(one);
    return !isStored;
  };

  /** Embeds a batch with one model, as far as its shard needs it; `waited` seconds for the batch count as its own. */
  const embed = async (
    { work, writer }: OpenShard,
    { items, signals }: LabelledBatch<ShardClip>,
    waited: number,
  ): Promise<void> => {
    const skipped = Math.max(0, writer.clips - items[0].index);
    if (skipped >= items.length) return;
    const { split } = writer.shard;
    const batch = {
      items: items.slice(skipped).map(({ clip }) => clip),
      signals: skipped === 0 ? signals : sliceBatch(signals, skipped, items.length),
    };
    const start = performance.now();
    const { data: rows, rowsPerClip, timestamps } = await embedBatch(task, split, batch, work, abortSignal);
    const seconds = waited + (performance.now() - start) / 1000;
    await writer.append({ rows, rowsPerClip, timestamps: timestamps ?? new Float32Array(), seconds });
  };

  /** @returns when all are finished, or when another process does the same */
  const embedInOrder = async () => {
    const signals = readInOrder(clipsOf(left), read);
    const batches = batchSignals(signals, channels, batchValues, (one, next) => one.shard === next.shard);
    let endedAt = performance.now();
    // Reading and resampling the next batch overlaps with the inference of the current one.
    for await (const batch of oneAhead(batches)) {
      const [{ shard, open }] = batch.items;
      const waited = (performance.now() - endedAt) / 1000 / open.length;
      let hasMet = false;
      for (const one of open) {
        abortSignal?.throwIfAborted();
        const { work, writer } = one;
        if (failed.has(work)) continue;
        try {
          await embed(one, batch, waited);
        } catch (error) {
          if (options.onFailed === undefined || !isHearkenError(error) || error instanceof FileError) throw error;
          options.onFailed(work, error);
          failed.add(work);
          continue;
        }
        if (writer.clips === shard.clips && (await finish(one))) hasMet = true;
        report(work, shard, writer.clips, 'computed');
      }
      endedAt = performance.now();
      options.onEmbedded?.(batch.items.length);
      if (batch.items[batch.items.length - 1].index === shard.clips - 1) done(shard);
      if (hasMet) return;
    }
  };

  try {
    while (left.length > 0) {
      await embedInOrder();
      // Elsewhere, as the other process goes on from here.
      const place = Math.floor(Math.random() * left.length);
      left = [...left.slice(place), ...left.slice(0, place)];
    }
  } finally {
    // Whatever the reason for stopping, finished clips are kept, as far as that is possible.
    await Promise.allSettled([...unfinished].map(({ writer }) => writer.keep()));
  }
}

/** A shard, and the models that lack it. */
interface ShardGroup {
  readonly shard: Shard;
  readonly missing: readonly { readonly work: ShardWork; readonly isDamaged: boolean }[];
}

/** The shards that any model lacks, in the order of the task; their borders follow from its files alone. */
function groupShards(works: readonly ShardWork[]): ShardGroup[] {
  const groups = new Map<string, { shard: Shard; missing: { work: ShardWork; isDamaged: boolean }[] }>();
  for (const work of works) {
    for (const { shard, isDamaged } of work.missing) {
      const key = JSON.stringify([shard.split, shard.first, shard.clips]);
      const group = groups.get(key) ?? { shard, missing: [] };
      group.missing.push({ work, isDamaged });
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

/** Says how a run can continue without an unreadable clip. */
function withAdvice(error: unknown): never {
  if (!(error instanceof TaskError)) throw error;
  const { asked, found, fix } = error;
  throw new TaskError({ asked, found, fix: `${fix}; or leave such clips out with --skip-unreadable`, cause: error });
}

function changed(task: Task, split: string, { name }: Clip): TaskError {
  return new TaskError({
    asked: `clip '${name}' of task '${task.id}', split '${split}'`,
    found: 'a file that was changed after the run began',
    fix: 'run again when the task is complete',
  });
}
