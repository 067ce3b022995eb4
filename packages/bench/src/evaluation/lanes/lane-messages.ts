import type { TrainedProbe } from '../../probes/probe.js';
import type { ErrorMessage } from '@hearken/core/remote';
import type { TrainingSetup } from './trainer.js';

/** The start message of a lane. After that it receives `TrainingJob`s, one at a time. */
export interface LaneSetup extends TrainingSetup {
  /** Words of the lane's `NativeGate`. */
  readonly gate: Int32Array;
}

/** Messages from a lane. */
export type LaneReport =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'epoch';
      readonly epoch: number;
      readonly maxEpochs: number;
      readonly bestScore: number | null;
    }
  | { readonly kind: 'trained'; readonly trained: TrainedProbe }
  | { readonly kind: 'failed'; readonly error: ErrorMessage };
