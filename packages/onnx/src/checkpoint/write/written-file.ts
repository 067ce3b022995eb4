import type { TensorValues } from './tensor-contents.js';

/** What a rewritten checkpoint has other than the one that it is made from. */
export interface CheckpointChanges {
  /**
   * Tensors by their name in the file, as `files.checkpoint` names them, with all prefixes. A name that is not there is
   * added: to the innermost dict whose keys the name begins with, after its other members.
   */
  readonly tensors?: ReadonlyMap<string, TensorValues>;
  /** Names of tensors that are left out. */
  readonly remove?: readonly string[];
}

/** A file to be written, such as with `writeFileAtomic` of `@hearken/core/node`. */
export interface WrittenFile {
  /** Its usual name. */
  readonly name: string;
  /** Its bytes, part by part; they can be read once, and are read from the original while they are. */
  readonly parts: AsyncIterable<Uint8Array>;
}
