import { HearkenError } from '@hearken/core';

/** A queue that can't be used: its server doesn't answer, is set up wrongly, or serves others. */
export class QueueError extends HearkenError {
  /** The kind of error. */
  static override readonly code: string = 'QUEUE';
  /** The name of the class. */
  override name = 'QueueError';
  /** The kind of error. */
  override readonly code = 'QUEUE';
}
