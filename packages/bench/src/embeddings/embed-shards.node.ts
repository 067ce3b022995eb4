import type { Artifacts, Shard } from '@hearken/artifacts';
import { isUnchanged, ShardWriter, type TaskManifest } from '@hearken/artifacts/node';
import { type Embedder, type Plugin, TaskError } from '@hearken/core';
import { resample } from '@hearken/signals/onnx';
import { readClip } from '@hearken/tasks/node';
import type { Clip, Task } from '@hearken/tasks';
import { embedBatch } from './embed-batch.js';
import { batchSignals, oneAhead, readInOrder } from './signal-batches.js';
import { clipPath, type TaskShards } from './task-shards.node.js';

/** A shard to compute. */
export interface MissingShard {
  readonly shard: Shard;
  /** Whether one is there that is damaged. */
  readonly isDamaged: boolean;
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
  /** Called when clips have embeddings: computed here, or finished by another process or an earlier run. */
  readonly onClips?: (split: string, clips: number, from: 'computed' | 'found') => void;
}

/** A clip and the shard that it belongs to. */
interface ShardClip {
  readonly writer: ShardWriter;
  readonly clip: Clip;
}

/**
 * Computes shards of a task's embeddings, and continues those that another run has begun. Any number of processes may do
 * so at the same time: a process that finds that another one has computed the same shard goes on somewhere else.
 *
 * @throws TaskError, SignalError or EmbedderError naming the failing clip, FileError if the artifacts cannot be written;
 *   the abort signal's reason
 */
export async function embedShards(
  task: Task,
  { shards, missing }: { readonly shards: TaskShards; readonly missing: readonly MissingShard[] },
  model: { readonly plugin: Plugin; readonly embedder: Embedder },
  options: EmbedShardsOptions,
): Promise<void> {
  const { artifacts, manifest, abortSignal, batchValues, onClips } = options;
  const { sampleRate, channels } = model.embedder;
  let left = [...missing];
  const unfinished = new Set<ShardWriter>();
  /** How many clips of each shard have been reported. */
  const reported = new Map<Shard, number>();

  /** The clips that are still to be embedded; finds out what is finished when their turn comes. */
  async function* clipsOf(next: readonly MissingShard[]): AsyncGenerator<ShardClip> {
    for (const { shard, isDamaged } of next) {
      const key = shards.keyOf(shard);
      if (!isDamaged && (await artifacts.has(key))) {
        done(shard);
        report(shard, shard.clips, 'found');
        continue;
      }
      const writer = await ShardWriter.open(artifacts, key, shard, shards.kind);
      report(shard, writer.clips, 'found');
      if (writer.clips === shard.clips) await finish(writer);
      else unfinished.add(writer);
      const clips = task.splits.get(shard.split)!.slice(shard.first + writer.clips, shard.first + shard.clips);
      for (const clip of clips) yield { writer, clip };
    }
  }

  const read = async ({ writer, clip }: ShardClip) => {
    const { split } = writer.shard;
    options.onRead?.(split, clip.name);
    const signal = await readClip(task, split, clip, { sampleRate, channels, resample }).catch(withAdvice);
    const facts = manifest.file(clipPath(task, sampleRate, split, clip.name));
    // A clip that was missing when the task was hashed has come since.
    if (facts === undefined || !(await isUnchanged(task.folder, facts))) throw changed(task, split, clip);
    return signal;
  };

  /** Reports the clips of a shard that are finished, except those that have been reported. */
  const report = (shard: Shard, clips: number, from: 'computed' | 'found') => {
    const more = clips - (reported.get(shard) ?? 0);
    if (more <= 0) return;
    reported.set(shard, clips);
    onClips?.(shard.split, more, from);
  };

  const done = (shard: Shard) => (left = left.filter((one) => one.shard !== shard));

  /** @returns whether another process has finished it in the meantime */
  const finish = async (writer: ShardWriter): Promise<boolean> => {
    const { shard } = writer;
    const isDamaged = left.find((one) => one.shard === shard)?.isDamaged;
    const isStored = await writer.finish(isDamaged);
    unfinished.delete(writer);
    done(shard);
    return !isStored;
  };

  /** @returns when all are finished, or when another process does the same */
  const embedInOrder = async () => {
    const signals = readInOrder(clipsOf(left), read);
    const batches = batchSignals(signals, channels, batchValues, (one, next) => one.writer === next.writer);
    let start = performance.now();
    // Reading and resampling the next batch overlaps with the inference of the current one.
    for await (const { items, signals: batch } of oneAhead(batches)) {
      abortSignal?.throwIfAborted();
      const [{ writer }] = items;
      const { split } = writer.shard;
      const clips = items.map(({ clip }) => clip);
      const embedded = await embedBatch(task, split, { items: clips, signals: batch }, model, abortSignal);
      const now = performance.now();
      const { data: rows, rowsPerClip, timestamps = new Float32Array() } = embedded;
      await writer.append({ rows, rowsPerClip, timestamps, seconds: (now - start) / 1000 });
      start = now;
      const hasMet = writer.clips === writer.shard.clips && (await finish(writer));
      report(writer.shard, writer.clips, 'computed');
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
  } catch (error) {
    // Whatever the reason for stopping, finished clips are kept, as far as that is possible.
    await Promise.allSettled([...unfinished].map((writer) => writer.keep()));
    throw error;
  }
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
