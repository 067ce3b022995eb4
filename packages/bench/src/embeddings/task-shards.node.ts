import { planShards, type Shard } from '@hearken/artifacts';
import { keyName, shardFormat, shardKey, type ShardKind, type TaskManifest } from '@hearken/artifacts/node';
import type { Provenance } from '@hearken/core';
import type { EmbedderDescription } from '@hearken/core/remote';
import { modelIdentity } from '@hearken/results/internal';
import { hashIdentity } from '@hearken/results/internal/node';
import { chooseSampleRate } from '@hearken/tasks/node';
import type { Task } from '@hearken/tasks';
import { poolingOf } from './pooling.js';

/** Identifies embeddings: a model's, for the clips of a task. */
export interface KeptEmbeddings {
  /** The model that computed them. */
  readonly model: Provenance;
  /** The model's sample rate in Hz. */
  readonly sampleRate: number;
  /** The task's id. */
  readonly task: string;
  /** The task's content hash. */
  readonly contentHash: string;
  /** Clips of the task that are not embedded. */
  readonly leftOut?: readonly { readonly split: string; readonly clip: string }[];
}

/** Where a task's embeddings are among the artifacts: a folder for the model, and one for the task in it. */
export function embeddingsKey({
  model: provenance,
  sampleRate,
  task,
  contentHash,
  leftOut = [],
}: KeptEmbeddings): string {
  const model = modelIdentity(provenance);
  // Rows are identified only by position, which changes if clips are missing.
  const without = leftOut.length === 0 ? {} : { without: leftOut.map(({ split, clip }) => [split, clip]) };
  const hash = hashIdentity({ shardFormat, model, contentHash, sampleRate, ...without });
  return `embeddings/${keyName(`${model.plugin}-${model.model}`)}/${keyName(task)}-${hash.slice(0, 20)}`;
}

/** The shards of a task's embeddings. */
export interface TaskShards {
  /** Their folder among the artifacts. */
  readonly folder: string;
  /** In the order of the splits and their clips. */
  readonly shards: readonly Shard[];
  readonly kind: ShardKind;
  /** The key of a shard. */
  readonly keyOf: (shard: Shard) => string;
}

/** What a task's embeddings by a model consist of. */
export function taskShards(
  task: Task,
  embedder: EmbedderDescription,
  manifest: TaskManifest,
  leftOut: KeptEmbeddings['leftOut'],
): TaskShards {
  const { provenance: model, sampleRate } = embedder;
  const folder = embeddingsKey({ model, sampleRate, task: task.id, contentHash: manifest.contentHash, leftOut });
  const pooling = poolingOf(task.metadata);
  const sizes = [...task.splits].map(
    ([split, clips]) =>
      [split, clips.map(({ name }) => manifest.file(clipPath(task, sampleRate, split, name))?.bytes ?? 0)] as const,
  );
  return {
    folder,
    shards: planShards(new Map(sizes)),
    kind: { kind: pooling.name, hasTimestamps: pooling.hasTimestamps, size: pooling.size(embedder) },
    keyOf: (shard) => shardKey(folder, shard),
  };
}

/** The path of a clip in its task's folder, with `/`, at the rate that is read for a model. */
export function clipPath(task: Task, sampleRate: number, split: string, clip: string): string {
  return `${chooseSampleRate(task, sampleRate)}/${split}/${clip}`;
}
