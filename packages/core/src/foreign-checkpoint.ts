import type { CheckpointFamily } from './checkpoint-family.js';

/** A plugin, as far as telling which checkpoints it reads goes. */
export interface CheckpointReader {
  /** Its short name. */
  readonly name: string;
  /** What its checkpoints look like; absent where it does not say. */
  readonly checkpoints?: readonly CheckpointFamily[];
}

/** A plugin's error for a checkpoint that is another model's. */
export interface ForeignCheckpoint extends Error {
  /** What it is told by. */
  readonly reason: 'foreign-checkpoint';
  /** The same error with the plugin that reads the checkpoint where one of these does; a plugin knows no others itself. */
  nameReader(others: readonly CheckpointReader[]): ForeignCheckpoint;
}

/** Whether a plugin refused a checkpoint as another model's, told by its fields: a plugin may bring its own copy of a package. */
export function isForeignCheckpoint(error: unknown): error is ForeignCheckpoint {
  if (!(error instanceof Error)) return false;
  const { reason, nameReader } = error as Partial<ForeignCheckpoint>;
  return reason === 'foreign-checkpoint' && typeof nameReader === 'function';
}
