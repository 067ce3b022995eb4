import type { TrainedProbe } from '../../probes/probe.js';
import type { ErrorMessage } from '@hearken/core/remote';
import type { TrainingSetup } from './trainer.js';

/** What a lane is started with. What it is sent then are `TrainingJob`s, one at a time. */
export interface LaneSetup extends TrainingSetup {
  /** Words of the lane's `NativeGate`. */
  readonly gate: Int32Array;
}

/** What a lane says. */
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
