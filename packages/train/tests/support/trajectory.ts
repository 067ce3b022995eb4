import type { OptimiserSettings, ParameterGroup, Schedule } from '../../src/index.js';

/** A case of `optimisers/cases.json`. */
export interface Trajectory {
  readonly case: string;
  readonly optimiser: 'sgd' | 'adam' | 'adamw';
  readonly learningRate?: number;
  readonly weightDecay?: number;
  readonly groups?: readonly TrajectoryGroup[];
  readonly momentum?: number;
  readonly dampening?: number;
  readonly nesterov?: boolean;
  readonly betas?: readonly [number, number];
  readonly epsilon?: number;
  readonly schedule?: { readonly kind: string };
  readonly updates: number;
  readonly learningRates: readonly (number | readonly number[])[];
  readonly keep?: number;
  readonly clipNorm?: number;
  readonly gradientNorms?: readonly number[];
  readonly accumulate?: number;
  readonly decay?: number;
  readonly decayWarmUp?: boolean;
  readonly biasWithoutGradient?: readonly number[];
  readonly unfrozenAt?: number;
}

export interface TrajectoryGroup extends ParameterGroup {
  readonly tensors: readonly string[];
}

export function optimiserOf({ optimiser: kind, ...one }: Trajectory): OptimiserSettings {
  return kind === 'sgd'
    ? { kind, momentum: one.momentum, dampening: one.dampening, nesterov: one.nesterov }
    : { kind, betas: one.betas, epsilon: one.epsilon };
}

export function groupsOf({ groups, learningRate = 0, weightDecay = 0 }: Trajectory): readonly TrajectoryGroup[] {
  return groups ?? [{ tensors: ['weight', 'bias'], learningRate, weightDecay }];
}

/** The schedules that the files name by the model whose authors use them. */
const kinds: Readonly<Record<string, string>> = { 'patchmix-cosine': 'epoch-cosine', efficientat: 'epoch-ramp' };

export function scheduleOf({ schedule = { kind: 'constant' } }: Trajectory): Schedule {
  return { ...schedule, kind: kinds[schedule.kind] ?? schedule.kind } as Schedule;
}
