import { TaskError, type Embedder, type Plugin } from '@hearken/core';
import type { EmbeddedSplit } from '../embeddings/embedded-split.js';
import { readClip } from '@hearken/tasks/node';
import type { Clip, Task } from '@hearken/tasks';
import { checkFits } from '../embeddings/check-fits.js';
import { embedBatch } from '../embeddings/embed-batch.js';
import { embeddingsFolder } from '../embeddings/embeddings-folder.node.js';
import { SplitCache } from '../embeddings/embedding-cache.node.js';
import { holderText, removeLeftovers, withFolderLock } from '@hearken/core/node';
import { resample } from '@hearken/signals/onnx';
import type { LeftOutClip } from '@hearken/results/internal';
import { batchSignals, oneAhead, readInOrder } from '../embeddings/signal-batches.js';
import type { StoredRows } from '../embeddings/stored-rows.node.js';
import { labelSplit } from '../embeddings/label-split.js';
import { poolingOf } from '../embeddings/pooling.js';

/** Where to store a task's embeddings, and how many to compute at once. */
export interface EmbedTaskOptions {
  /** Folder of all cached embeddings. */
  readonly cacheFolder: string;
  /** The task's content hash, which, with the model, determines its place in the cache. */
  readonly contentHash: string;
  /** Clips of the task that are not embedded. */
  readonly leftOut?: readonly LeftOutClip[];
  /** Discard what is cached and compute it again. */
  readonly discardCache?: boolean;
  /** Maximum number of values per batch, all clips and channels together. */
  readonly batchValues?: number;
  /** Maximum size in bytes of embeddings in memory; default: 64 MiB. */
  readonly memoryBytes?: number;
  /** Stops embedding; finished clips stay in the cache. */
  readonly abortSignal?: AbortSignal;
  /**
   * Called after every batch: finished clips among all of the task's clips, and how many of them were in the cache
   * before.
   */
  readonly onProgress?: (progress: EmbedProgress) => void;
  /** Called with notes for the user: waiting for another process, a damaged cache. */
  readonly onNote?: (message: string) => void;
}

/** Progress of embedding a task. */
export interface EmbedProgress {
  /** The current split. */
  readonly split: string;
  /** Number of clips that have embeddings, in all splits. */
  readonly done: number;
  /** Number of clips in all splits. */
  readonly total: number;
  /** Number of clips that were cached at the start. */
  readonly cached: number;
}

/** Embeddings of a task over this size (64 MiB) stay in their files. */
export const largeEmbeddingBytes = 2 ** 26;

/** A task's embeddings, ready for a probe. */
export interface EmbeddedTask {
  /** By name. */
  readonly splits: ReadonlyMap<string, EmbeddedSplit>;
  /** Seconds that embedding took, in this run and in those that filled the cache. */
  readonly seconds: number;
  /** Number of clips in all splits. */
  readonly clips: number;
  /** Number of clips whose embeddings were cached. */
  readonly cachedClips: number;
  /** Size of all embeddings in bytes, in memory or in their files. */
  readonly bytes: number;
  /** Closes the files that embeddings are read from. */
  readonly close: () => void;
}

/**
 * Embeds every clip of a task, once per model: embeddings are stored in `<cacheFolder>/<plugin>-<model>/<task>-<hash of
 * the model's provenance and the task's content>`. An interrupted run continues after the last finished clip. Memory
 * does not grow with the number of clips: large embeddings stay in their files, from which a probe reads what it needs.
 *
 * @throws TaskError, SignalError or EmbedderError naming the failing clip, FileError if the cache cannot be written
 */
export async function embedTask(
  task: Task,
  { plugin, embedder }: { plugin: Plugin; embedder: Embedder },
  options: EmbedTaskOptions,
): Promise<EmbeddedTask> {
  checkFits(task, embedder);
  const { contentHash, leftOut } = options;
  const kept = { model: embedder.provenance, sampleRate: embedder.sampleRate, task: task.id, contentHash, leftOut };
  const folder = embeddingsFolder(options.cacheFolder, kept);
  const embed = async (): Promise<EmbeddedTask> => {
    await removeLeftovers(folder);
    const caches = await openCaches(task, embedder, folder, options);
    const cachedClips = [...caches.values()].reduce((sum, cache) => sum + cache.clips, 0);
    const total = [...task.splits.values()].reduce((sum, clips) => sum + clips.length, 0);
    let done = cachedClips;
    for (const [split, cache] of caches) {
      await embedSplit(task, split, cache, { plugin, embedder }, options, (clips) => {
        done += clips;
        options.onProgress?.({ split, done, total, cached: cachedClips });
      });
    }
    const splits = new Map<string, EmbeddedSplit>();
    const bytes = [...caches.values()].reduce((sum, cache) => sum + cache.bytes, 0);
    const inMemory = bytes <= (options.memoryBytes ?? largeEmbeddingBytes);
    for (const [split, cache] of caches) splits.set(split, await loadSplit(task, split, cache, embedder, inMemory));
    const close = () => {
      for (const { stored } of splits.values()) (stored as StoredRows | undefined)?.close();
    };
    const seconds = [...caches.values()].reduce((sum, cache) => sum + cache.seconds, 0);
    return { splits, seconds, clips: total, cachedClips, bytes, close };
  };
  return withFolderLock(folder, embed, {
    abortSignal: options.abortSignal,
    onWait: (holder) => options.onNote?.(`waiting for ${holderText(holder)}, which is embedding the same task`),
  });
}

async function openCaches(
  task: Task,
  embedder: Embedder,
  folder: string,
  { discardCache, onNote }: EmbedTaskOptions,
): Promise<Map<string, SplitCache>> {
  const pooling = poolingOf(task.metadata);
  const caches = new Map<string, SplitCache>();
  for (const split of task.splits.keys()) {
    if (discardCache === true) await SplitCache.discard(folder, split);
    const cache = await SplitCache.open(folder, split, pooling.name, pooling.size(embedder));
    if (cache.damage !== undefined) onNote?.(`cached embeddings: ${cache.damage}; the rest will be computed again`);
    caches.set(split, cache);
  }
  return caches;
}

async function embedSplit(
  task: Task,
  split: string,
  cache: SplitCache,
  model: { plugin: Plugin; embedder: Embedder },
  options: EmbedTaskOptions,
  onClips: (clips: number) => void,
): Promise<void> {
  const { sampleRate, channels } = model.embedder;
  const remaining = task.splits.get(split)?.slice(cache.clips) ?? [];
  const read = (clip: Clip) => readClip(task, split, clip, { sampleRate, channels, resample });
  const signals = readInOrder(remaining, (clip) => read(clip).catch(withAdvice));
  const batches = batchSignals(signals, channels, options.batchValues);
  let start = performance.now();
  try {
    // Reading and resampling the next batch overlaps with the inference of the current one.
    for await (const batch of oneAhead(batches)) {
      options.abortSignal?.throwIfAborted();
      const embedded = await embedBatch(task, split, batch, model, options.abortSignal);
      const now = performance.now();
      await cache.append({ ...embedded, seconds: (now - start) / 1000 });
      start = now;
      onClips(batch.items.length);
    }
  } finally {
    // Whatever the reason for stopping, finished clips are kept.
    await cache.close();
  }
}

/** Says how a run can continue without an unreadable clip. */
function withAdvice(error: unknown): never {
  if (!(error instanceof TaskError)) throw error;
  const { asked, found, fix } = error;
  throw new TaskError({ asked, found, fix: `${fix}; or leave such clips out with --skip-unreadable`, cause: error });
}

async function loadSplit(
  task: Task,
  split: string,
  cache: SplitCache,
  embedder: Embedder,
  inMemory: boolean,
): Promise<EmbeddedSplit> {
  const clips = task.splits.get(split)!;
  const rows = inMemory
    ? { embeddings: await cache.readRows() }
    : { embeddings: new Float32Array(), stored: cache.storedRows() };
  const { rowsPerClip, rowCount: count } = cache;
  const timestamps = poolingOf(task.metadata).hasTimestamps ? { timestamps: await cache.readTimestamps() } : {};
  return labelSplit(task, clips, { ...rows, count, rowsPerClip, ...timestamps }, embedder);
}
