import type { CheckpointFamily } from './checkpoint-family.js';

/** The part of a plugin that says which checkpoints it reads. */
export interface CheckpointReader {
  /** Its short name. */
  readonly name: string;
  /** What its checkpoints look like; absent if it doesn't say. */
  readonly checkpoints?: readonly CheckpointFamily[];
}

/** A plugin's error for a checkpoint of another model. */
export interface ForeignCheckpoint extends Error {
  /** How the error is recognised. */
  readonly reason: 'foreign-checkpoint';
  /**
   * The same error, naming the plugin that reads the checkpoint if one of these does; a plugin itself knows no others.
   */
  nameReader(others: readonly CheckpointReader[]): ForeignCheckpoint;
}

/**
 * Whether a plugin refused a checkpoint because it belongs to another model, judged by fields: a plugin may bring its
 * own copy of a package.
 */
export function isForeignCheckpoint(error: unknown): error is ForeignCheckpoint {
  if (!(error instanceof Error)) return false;
  const { reason, nameReader } = error as Partial<ForeignCheckpoint>;
  return reason === 'foreign-checkpoint' && typeof nameReader === 'function';
}
