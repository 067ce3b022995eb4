import { CheckpointError } from '@hearken/core';
import type { ExternalData } from '../session/session.js';
import type { Checkpoint, TensorEntry } from './checkpoint.js';
import type { ModelConfig } from './model-config.js';

/** A model as its authors publish it: one or more weight files, with or without a `config.json`. */
export interface ModelFiles {
  /** What was opened, as the user named it. */
  readonly name: string;
  /**
   * The tensors of all weight files. The `location` of each names its file in {@link external}, which is all that
   * `graph.external(entry)` needs.
   */
  readonly checkpoint: Checkpoint;
  /** The model's `config.json`; undefined if it has none. */
  readonly config: ModelConfig | undefined;
  /** Where the locations are: an option of the session. */
  readonly external: ExternalData;
  /** Total size of all weight files in bytes. */
  readonly size: number;
  /**
   * SHA-256 in hexadecimal: of the file if there is one; if there are several, of the text that `sha256sum` prints for
   * them in the order of their names (`<sha256>  <name>` and a line feed each). Computed once, on the first call.
   */
  sha256(): Promise<string>;
  /** Reads a tensor of {@link checkpoint} as float32; see `readFloat32`. */
  readFloat32(entry: TensorEntry): Promise<Float32Array>;
  /** Reads the bytes of a tensor as stored. */
  readBytes(entry: Pick<TensorEntry, 'location' | 'offset' | 'byteLength'>): Promise<Uint8Array>;
  /**
   * Reads another JSON file of the same model, such as `preprocessor_config.json`; undefined if there is none, or if
   * the weights are a single file with an unusual name, so that the files next to it need not belong to it.
   */
  readJson(name: string): Promise<ModelConfig | undefined>;
}

/** The checkpoint of one weight file, with its tensors located in that file. */
export function locateTensors(
  checkpoint: Checkpoint,
  location: string,
): Checkpoint & {
  /** The file that contains all of its tensors. */
  location: string;
} {
  const tensors = new Map([...checkpoint.tensors].map(([name, entry]) => [name, { ...entry, location }]));
  return { ...checkpoint, tensors, location };
}

/** Several checkpoints as one: each tensor comes from the file that the index names for it. */
export function mergeShards(
  name: string,
  shards: readonly Checkpoint[],
  shardOf: ReadonlyMap<string, number>,
): Checkpoint {
  const tensors = new Map<string, TensorEntry>();
  const unusable = new Map<string, string>();
  for (const [tensor, place] of shardOf) {
    const shard = shards[place];
    const entry = shard.tensors.get(tensor);
    const reason = shard.unusable.get(tensor);
    if (entry !== undefined) tensors.set(tensor, entry);
    else if (reason !== undefined) unusable.set(tensor, reason);
    else {
      throw new CheckpointError({
        asked: shard.name,
        found: `no tensor '${tensor}', although the index says it is there`,
        fix: 'the files do not belong together: download all of them again',
      });
    }
  }
  return { format: shards[0].format, name, tensors, unusable, metadata: new Map() };
}

/** The text whose hash represents several files: what `sha256sum` prints for them. */
export function hashListing(hashes: readonly string[], names: readonly string[]): string {
  return hashes.map((hash, index) => `${hash}  ${names[index]}\n`).join('');
}
