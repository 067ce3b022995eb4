import { CheckpointError } from '@hearken/core';

/** A file that changed while it was being loaded or used. Loading it again may succeed. */
export class FileChangedError extends CheckpointError {
  /** The name of the class, by which `loadModel` recognises it. */
  override name = 'FileChangedError';
}
