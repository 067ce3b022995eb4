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
import { type LeftOutClip, pathPart } from '@hearken/results/internal';
import { batchSignals, oneAhead, readInOrder } from '../embeddings/signal-batches.js';
import type { StoredRows } from '../embeddings/stored-rows.node.js';
import { labelSplit } from '../embeddings/label-split.js';
import { poolingOf } from '../embeddings/pooling.js';

/** Where a task's embeddings are kept, and how many are computed at once. */
export interface EmbedTaskOptions {
  /** Folder of all cached embeddings. */
  readonly cacheFolder: string;
  /** The task's content hash, which with the model names its place in the cache. */
  readonly contentHash: string;
  /** Clips that the task has and that are not embedded. */
  readonly leftOut?: readonly LeftOutClip[];
  /** Throw away what is cached and compute it again. */
  readonly discardCache?: boolean;
  /** Values of a batch at most, all clips and channels together. */
  readonly batchValues?: number;
  /** Bytes of embeddings that memory may hold; default: 64 MiB. */
  readonly memoryBytes?: number;
  /** Ends embedding; what is done stays in the cache. */
  readonly abortSignal?: AbortSignal;
  /** Called after every batch: clips done of all the task's clips, and how many of those were in the cache before. */
  readonly onProgress?: (progress: EmbedProgress) => void;
  /** Called with what the user should know: another process that is waited for, a cache that is damaged. */
  readonly onNote?: (message: string) => void;
}

/** How far embedding a task is. */
export interface EmbedProgress {
  /** The split that is being embedded. */
  readonly split: string;
  /** Clips that have embeddings, of all splits. */
  readonly done: number;
  /** Clips of all splits. */
  readonly total: number;
  /** Clips that had embeddings in the cache when it began. */
  readonly cached: number;
}

/** Embeddings of a task that are over this size (64 MiB) stay in their files. */
export const largeEmbeddingBytes = 2 ** 26;

/** A task's embeddings, ready for a probe. */
export interface EmbeddedTask {
  /** By name. */
  readonly splits: ReadonlyMap<string, EmbeddedSplit>;
  /** Seconds that embedding took, in this run or in those that filled the cache. */
  readonly seconds: number;
  /** Clips of all splits. */
  readonly clips: number;
  /** Clips whose embeddings were in the cache. */
  readonly cachedClips: number;
  /** Bytes of all embeddings, in memory or in their files. */
  readonly bytes: number;
  /** Closes the files that embeddings are read from. */
  readonly close: () => void;
}

/**
 * Embeds every clip of a task, once a model: embeddings are kept under
 * `<cacheFolder>/<plugin>-<model>/<task>-<hash of the model's provenance and the task's content>`.
 * A run that was stopped goes on after the last clip that it finished. Memory does not grow with the number of clips:
 * many embeddings stay in their files, from which a probe reads what it is at.
 *
 * @throws TaskError, SignalError or EmbedderError naming the clip that fails, FileError when the cache cannot be written
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
    onWait: (holder) => options.onNote?.(`waiting for ${holderText(holder)}, which embeds the same task`),
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
    const name = pathPart(split);
    if (discardCache === true) await SplitCache.discard(folder, name);
    const cache = await SplitCache.open(folder, name, pooling.name, pooling.size(embedder));
    if (cache.damage !== undefined) onNote?.(`cached embeddings: ${cache.damage}; the rest is computed again`);
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
    // Reading and resampling the next batch overlaps the inference of this one.
    for await (const batch of oneAhead(batches)) {
      options.abortSignal?.throwIfAborted();
      const embedded = await embedBatch(task, split, batch, model, options.abortSignal);
      const now = performance.now();
      await cache.append({ ...embedded, seconds: (now - start) / 1000 });
      start = now;
      onClips(batch.items.length);
    }
  } finally {
    // Whatever stopped it, the finished clips count.
    await cache.close();
  }
}

/** Says how a run goes on without a clip that cannot be read. */
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
