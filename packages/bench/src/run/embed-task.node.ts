import type { Artifacts, Shard } from '@hearken/artifacts';
import {
  openShard,
  readAllRows,
  removeFinishedParts,
  type StoredShard,
  StoredRows,
  type TaskManifest,
} from '@hearken/artifacts/node';
import { type Embedder, FileError, type Plugin } from '@hearken/core';
import { joinValues } from '@hearken/core/internal';
import type { EmbedderDescription } from '@hearken/core/remote';
import type { LeftOutClip } from '@hearken/results/internal';
import type { Task } from '@hearken/tasks';
import { checkFits } from '../embeddings/check-fits.js';
import { embedShards, type MissingShard } from '../embeddings/embed-shards.node.js';
import type { EmbeddedSplit } from '../embeddings/embedded-split.js';
import { labelSplit } from '../embeddings/label-split.js';
import { poolingOf } from '../embeddings/pooling.js';
import { type TaskShards, taskShards } from '../embeddings/task-shards.node.js';

/** Where to store a task's embeddings, and how many to compute at once. */
export interface EmbedTaskOptions {
  /** Where embeddings are stored. */
  readonly artifacts: Artifacts;
  /** The task's files: their hash, with the model, determines the embeddings' keys. */
  readonly manifest: TaskManifest;
  /** Clips of the task that are not embedded. */
  readonly leftOut?: readonly LeftOutClip[];
  /** Discard what is cached and compute it again. */
  readonly discardCache?: boolean;
  /** Maximum number of values per batch, all clips and channels together. */
  readonly batchValues?: number;
  /** Maximum size in bytes of embeddings in memory; default: 64 MiB. */
  readonly memoryBytes?: number;
  /** Stops embedding; finished clips are kept. */
  readonly abortSignal?: AbortSignal;
  /**
   * Called after every batch: finished clips among all of the task's clips, and how many of them were in the cache
   * before.
   */
  readonly onProgress?: (progress: EmbedProgress) => void;
  /** Called with notes for the user: a damaged cache. */
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

/** A model that need not be loaded if all embeddings are there. */
export interface EmbeddingSource {
  readonly plugin: Plugin;
  readonly description: EmbedderDescription;
  /** Loads it, unless it is loaded. */
  readonly open: () => Promise<Embedder>;
}

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
 * Embeds every clip of a task, once per model: embeddings are stored in shards of up to 512 clips, which any number of
 * processes may compute at the same time. An interrupted run continues after the last finished clip. Memory does not
 * grow with the number of clips: large embeddings stay in their files, from which a probe reads what it needs.
 *
 * @throws TaskError, SignalError or EmbedderError naming the failing clip, FileError if the cache cannot be written
 */
export async function embedTask(task: Task, model: EmbeddingSource, options: EmbedTaskOptions): Promise<EmbeddedTask> {
  const { plugin, description } = model;
  checkFits(task, description);
  const { artifacts, manifest, leftOut, discardCache, memoryBytes = largeEmbeddingBytes, onProgress } = options;
  const shards = taskShards(task, description, manifest, leftOut);
  if (discardCache === true) await artifacts.removeAll(shards.folder);
  const { stored, missing } = await findStored(shards, artifacts, options.onNote);
  const total = shards.shards.reduce((sum, { clips }) => sum + clips, 0);
  let cached = [...stored.keys()].reduce((sum, { clips }) => sum + clips, 0);
  let done = cached;
  if (missing.length > 0) {
    const onClips = (split: string, clips: number, from: 'computed' | 'found') => {
      done += clips;
      if (from === 'found') cached += clips;
      else onProgress?.({ split, done, total, cached });
    };
    const embedder = await model.open();
    await embedShards(task, [{ shards, missing, plugin, embedder }], { ...options, onClips });
  }
  await removeFinishedParts(artifacts.localPath(shards.folder));
  for (const { shard } of missing) stored.set(shard, await openComputed(shards, shard, artifacts));

  const rows = [...stored.values()].reduce((sum, shard) => sum + shard.rows, 0);
  const bytes = rows * shards.kind.size * 4;
  const splits = new Map<string, EmbeddedSplit>();
  for (const split of task.splits.keys()) {
    const ofSplit = shards.shards.filter((shard) => shard.split === split).map((shard) => stored.get(shard)!);
    splits.set(split, await loadSplit(task, split, ofSplit, description, bytes <= memoryBytes));
  }
  const close = () => {
    for (const { stored: rowsInFiles } of splits.values()) (rowsInFiles as StoredRows | undefined)?.close();
  };
  const seconds = [...stored.values()].reduce((sum, shard) => sum + shard.seconds, 0);
  return { splits, seconds, clips: total, cachedClips: cached, bytes, close };
}

/**
 * The shards of a task that are there, and those that are missing or damaged.
 *
 * @param onNote called for each damaged one
 */
export async function findStored(
  shards: TaskShards,
  artifacts: Artifacts,
  onNote?: (message: string) => void,
): Promise<{ readonly stored: Map<Shard, StoredShard>; readonly missing: MissingShard[] }> {
  const stored = new Map<Shard, StoredShard>();
  const missing: MissingShard[] = [];
  for (const shard of shards.shards) {
    const found = await openStored(shards, shard, artifacts);
    if (found.stored !== undefined) stored.set(shard, found.stored);
    else missing.push({ shard, isDamaged: found.path !== undefined });
    if (found.stored === undefined && found.path !== undefined) {
      onNote?.(`cached embeddings: '${found.path}' is damaged; its ${shard.clips} clips will be computed again`);
    }
  }
  return { stored, missing };
}

/** The path of a shard, if it is there, and what it holds, if it is sound. */
async function openStored(
  { keyOf, kind }: TaskShards,
  shard: Shard,
  artifacts: Artifacts,
): Promise<{ readonly path: string | undefined; readonly stored: StoredShard | undefined }> {
  const path = await artifacts.fetch(keyOf(shard));
  const expected = { ...kind, clips: shard.clips };
  return { path, stored: path === undefined ? undefined : await openShard(path, keyOf(shard), expected) };
}

async function openComputed(shards: TaskShards, shard: Shard, artifacts: Artifacts): Promise<StoredShard> {
  const { path, stored } = await openStored(shards, shard, artifacts);
  if (stored !== undefined) return stored;
  throw new FileError({
    asked: `the embeddings that were just computed, '${artifacts.localPath(shards.keyOf(shard))}'`,
    found: path === undefined ? 'no such file' : 'a damaged file',
    fix: 'run again; if it happens again, check the disk, or choose another --cache',
  });
}

async function loadSplit(
  task: Task,
  split: string,
  shards: readonly StoredShard[],
  embedder: EmbedderDescription,
  inMemory: boolean,
): Promise<EmbeddedSplit> {
  const pooling = poolingOf(task.metadata);
  const size = pooling.size(embedder);
  const rows = inMemory
    ? { embeddings: await readAllRows(shards, size) }
    : { embeddings: new Float32Array(), stored: storedRows(shards, size) };
  const count = shards.reduce((sum, shard) => sum + shard.rows, 0);
  const rowsPerClip = shards.flatMap((shard) => shard.rowsPerClip);
  const timestamps = pooling.hasTimestamps ? { timestamps: joinValues(shards.map((shard) => shard.timestamps)) } : {};
  return labelSplit(task, task.splits.get(split)!, { ...rows, count, rowsPerClip, ...timestamps }, embedder);
}

function storedRows(shards: readonly StoredShard[], size: number): StoredRows {
  // Without what only matters here, as it is sent to training threads.
  const segments = shards.map(({ path, device, inode, start, rows }) => ({ path, device, inode, start, rows }));
  const stored = new StoredRows(segments, size);
  stored.open();
  return stored;
}
