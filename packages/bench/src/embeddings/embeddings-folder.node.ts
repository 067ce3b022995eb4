import { join } from 'node:path';
import type { Provenance } from '@hearken/core';
import { hashIdentity } from '@hearken/results/internal/node';
import { modelIdentity, pathPart } from '@hearken/results/internal';

/** Identifies cached embeddings: a model's, for the clips of a task. */
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

/** The folder for a task's embeddings below the cache folder, see `pathPart`; one file per split. */
export function embeddingsFolder(
  cacheFolder: string,
  { model: provenance, sampleRate, task, contentHash, leftOut = [] }: KeptEmbeddings,
): string {
  const model = modelIdentity(provenance);
  // Rows are identified only by position, which changes if clips are missing.
  const without = leftOut.length === 0 ? {} : { without: leftOut.map(({ split, clip }) => [split, clip]) };
  const hash = hashIdentity({ model, contentHash, sampleRate, ...without });
  return join(cacheFolder, pathPart(`${model.plugin}-${model.model}`), pathPart(`${task}-${hash.slice(0, 20)}`));
}
