import type { Provenance } from '@hearken/core';
import { lineOf } from '@hearken/core/internal';
import { publishedWeights } from './hearken-plugins.js';

/** Which file a model's weights are of. */
export interface CheckpointRecord {
  /** Name of the file or folder, without the folders above it. */
  readonly file: string;
  /** Whether it is the file that the model's authors publish: by its SHA-256, or as `hearken pull` got it from them. */
  readonly published: boolean;
}

/** What a model is named by; `checkpoint` is missing where the plugin has its own weights, and in results of earlier versions. */
export type NamedModel = Pick<Provenance, 'plugin' | 'model' | 'checkpointSha256'> & {
  /** The file of its weights. */
  readonly checkpoint?: CheckpointRecord;
};

const longestFile = 80;

/**
 * Whether a model's weights are others than those that it is named after. Where a SHA-256 of the published ones is known, it
 * alone decides; else what was found out when the model was loaded; of earlier results nobody did, and they count as others.
 */
export function hasCustomWeights({ plugin, model, checkpointSha256, checkpoint }: NamedModel): boolean {
  if (checkpointSha256 === null) return false;
  const known = knownHashes(plugin, model);
  if (known.length > 0) return !known.includes(checkpointSha256);
  return checkpoint === undefined ? Object.hasOwn(publishedWeights, plugin) : !checkpoint.published;
}

/** SHA-256 of the weights that a model is named after, as far as they are known. */
export function knownHashes(plugin: string, model: string): readonly string[] {
  const models = Object.hasOwn(publishedWeights, plugin) ? publishedWeights[plugin] : {};
  return Object.hasOwn(models, model) ? models[model] : [];
}

/**
 * What a model is called, everywhere: `plugin:model` with the weights that this stands for, and
 * `my-run.pt (sha256 1a2b3c4d, as plugin:model)` with others, which then never pass for the published ones.
 */
export function modelName(named: NamedModel): string {
  const architecture = `${named.plugin}:${named.model}`;
  if (!hasCustomWeights(named)) return architecture;
  const file = lineOf(named.checkpoint?.file, 4 * longestFile);
  const shown = file.length > longestFile ? `${file.slice(0, longestFile - 1)}…` : file;
  return `${shown === '' ? 'a checkpoint' : shown} (sha256 ${shortHash(named)}, as ${architecture})`;
}

/** The part of a path that stands for a model: `plugin-model`, and with other weights the beginning of their hash. */
export function modelPathName(named: NamedModel): string {
  const architecture = `${named.plugin}-${named.model}`;
  return hasCustomWeights(named) ? `${architecture}-sha256-${shortHash(named)}` : architecture;
}

function shortHash({ checkpointSha256 }: NamedModel): string {
  return lineOf(checkpointSha256, 8);
}

/** The record in a parsed result that anyone may have written; undefined where there is none. */
export function checkpointRecordOf(value: unknown): CheckpointRecord | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { file, published } = value as Readonly<Record<string, unknown>>;
  if (typeof file !== 'string' || typeof published !== 'boolean') return undefined;
  return { file: lineOf(file, 4 * longestFile), published };
}
