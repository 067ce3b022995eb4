import type { Provenance } from '@hearken/core';
import { lineOf } from '@hearken/core/internal';
import { publishedWeights } from './hearken-plugins.js';

/** The file of a model's weights. */
export interface CheckpointRecord {
  /** Name of the file or folder, without the folders above it. */
  readonly file: string;
  /** Whether it is the file published by the model's authors: known by its SHA-256, or downloaded by `hearken pull`. */
  readonly published: boolean;
}

/** What a model's name is made from; `checkpoint` is absent if the plugin contains its weights, and in results of earlier versions. */
export type NamedModel = Pick<Provenance, 'plugin' | 'model' | 'checkpointSha256'> & {
  /** The file of its weights. */
  readonly checkpoint?: CheckpointRecord;
};

const longestFile = 80;

/**
 * Whether a model's weights are not the published ones that it is named after. If the SHA-256 of the published weights is
 * known, it alone decides; otherwise, what was determined when the model was loaded. Earlier results don't record that, and
 * count as having custom weights.
 */
export function hasCustomWeights({ plugin, model, checkpointSha256, checkpoint }: NamedModel): boolean {
  if (checkpointSha256 === null) return false;
  const known = knownHashes(plugin, model);
  if (known.length > 0) return !known.includes(checkpointSha256);
  return checkpoint === undefined ? Object.hasOwn(publishedWeights, plugin) : !checkpoint.published;
}

/** The known SHA-256 of the weights that a model is named after. */
export function knownHashes(plugin: string, model: string): readonly string[] {
  const models = Object.hasOwn(publishedWeights, plugin) ? publishedWeights[plugin] : {};
  return Object.hasOwn(models, model) ? models[model] : [];
}

/**
 * The display name of a model: `plugin:model` with the weights that it is named after, and
 * `my-run.pt (sha256 1a2b3c4d, as plugin:model)` with others, so that they are never mistaken for the published ones.
 */
export function modelName(named: NamedModel): string {
  const architecture = `${named.plugin}:${named.model}`;
  if (!hasCustomWeights(named)) return architecture;
  const file = lineOf(named.checkpoint?.file, 4 * longestFile);
  const shown = file.length > longestFile ? `${file.slice(0, longestFile - 1)}…` : file;
  return `${shown === '' ? 'a checkpoint' : shown} (sha256 ${shortHash(named)}, as ${architecture})`;
}

/** A model's name in paths: `plugin-model`, followed by the beginning of the weights' hash if they are custom. */
export function modelPathName(named: NamedModel): string {
  const architecture = `${named.plugin}-${named.model}`;
  return hasCustomWeights(named) ? `${architecture}-sha256-${shortHash(named)}` : architecture;
}

function shortHash({ checkpointSha256 }: NamedModel): string {
  return lineOf(checkpointSha256, 8);
}

/** The checkpoint record in an untrusted result; undefined if there is none. */
export function checkpointRecordOf(value: unknown): CheckpointRecord | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { file, published } = value as Readonly<Record<string, unknown>>;
  if (typeof file !== 'string' || typeof published !== 'boolean') return undefined;
  return { file: lineOf(file, 4 * longestFile), published };
}
