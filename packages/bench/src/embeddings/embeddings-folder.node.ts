import { join } from 'node:path';
import type { Provenance } from '@hearken/core';
import { hashIdentity } from '@hearken/results/internal/node';
import { modelIdentity, pathPart } from '@hearken/results/internal';

/** Which embeddings are kept: those of a model for the clips of a task. */
export interface KeptEmbeddings {
  /** What embedded the clips. */
  readonly model: Provenance;
  /** Hz that the model takes. */
  readonly sampleRate: number;
  /** The task's id. */
  readonly task: string;
  /** Hash of what the task's folder holds. */
  readonly contentHash: string;
  /** Clips that the task has and that are not embedded. */
  readonly leftOut?: readonly { readonly split: string; readonly clip: string }[];
}

/** The folder below that of all embeddings where a task's are kept, see `pathPart`: one file a split. */
export function embeddingsFolder(
  cacheFolder: string,
  { model: provenance, sampleRate, task, contentHash, leftOut = [] }: KeptEmbeddings,
): string {
  const model = modelIdentity(provenance);
  // Rows are told apart by their places alone: without some clips they are others.
  const without = leftOut.length === 0 ? {} : { without: leftOut.map(({ split, clip }) => [split, clip]) };
  const hash = hashIdentity({ model, contentHash, sampleRate, ...without });
  return join(cacheFolder, pathPart(`${model.plugin}-${model.model}`), pathPart(`${task}-${hash.slice(0, 20)}`));
}
