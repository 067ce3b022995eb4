import { OptionError } from '@hearken/core';

/**
 * How the learning rate changes, as data: a factor on the rate of each update.
 *
 * - `constant`: 1.
 * - `linear`: from 0 to 1 over `warmup` updates, then to 0 at `total`. The first update has rate 0, as in transformers.
 * - `cosine`: (s + 1) / `warmup` for the first updates, then half a cosine to 0 at `total`.
 * - `warm-linear`: (s + 1) / `warmup` for the first updates, then linearly to 0 at `total`.
 * - `epoch-cosine`: half a cosine from 1 to `lowest` over `epochs`, counted from 1: Patch-Mix's `adjust_learning_rate`.
 * - `epoch-ramp`: by epoch from 0, exponential warm-up over `warmUp` epochs, then 1, from `rampDownStart` linearly to
 *   `lastValue` over `rampDownLength` epochs: EfficientAT's `exp_warmup_linear_down`.
 */
export type Schedule = ConstantRate | UpdateSchedule | EpochCosine | EpochRamp;

/** The same rate for all updates. */
export interface ConstantRate {
  /** Names the schedule. */
  readonly kind: 'constant';
}

/** A schedule by updates. */
export interface UpdateSchedule {
  /** Names the schedule. */
  readonly kind: 'linear' | 'cosine' | 'warm-linear';
  /** Updates in which the rate rises. */
  readonly warmup: number;
  /** All updates. */
  readonly total: number;
}

/** Half a cosine by epochs. */
export interface EpochCosine {
  /** Names the schedule. */
  readonly kind: 'epoch-cosine';
  /** All epochs. */
  readonly epochs: number;
  /** Updates of an epoch. */
  readonly stepsPerEpoch: number;
  /** The factor at the end. */
  readonly lowest: number;
}

/** Up, level and down by epochs. */
export interface EpochRamp {
  /** Names the schedule. */
  readonly kind: 'epoch-ramp';
  /** Epochs in which the rate rises. */
  readonly warmUp: number;
  /** Epoch after which it falls. */
  readonly rampDownStart: number;
  /** Epochs in which it falls. */
  readonly rampDownLength: number;
  /** The factor at the end. */
  readonly lastValue: number;
  /** Updates of an epoch. */
  readonly stepsPerEpoch: number;
}

/**
 * The factor on the rate of an update.
 *
 * @param update counted from 0; accumulated batches are one update
 * @throws OptionError for an update that is not one of the schedule's
 */
export function rateFactor(schedule: Schedule, update: number): number {
  if (!Number.isInteger(update) || update < 0) {
    throw new OptionError({ asked: `the rate of update ${update}`, found: 'no such update', fix: 'count from 0' });
  }
  switch (schedule.kind) {
    case 'constant':
      return 1;
    case 'linear': {
      const { warmup, total } = schedule;
      if (update < warmup) return update / warmup;
      return Math.max(0, (total - update) / Math.max(1, total - warmup));
    }
    case 'warm-linear': {
      const { warmup, total } = schedule;
      if (update < warmup) return (update + 1) / warmup;
      return Math.max(0, 1 - (update - warmup) / Math.max(1, total - warmup));
    }
    case 'cosine': {
      const { warmup, total } = schedule;
      if (update < warmup) return (update + 1) / warmup;
      return halfCosine(Math.min(1, (update - warmup) / Math.max(1, total - warmup)));
    }
    case 'epoch-cosine': {
      const epoch = Math.floor(update / schedule.stepsPerEpoch) + 1;
      return schedule.lowest + (1 - schedule.lowest) * halfCosine(Math.min(1, epoch / schedule.epochs));
    }
    case 'epoch-ramp':
      return rampFactor(schedule, Math.floor(update / schedule.stepsPerEpoch));
  }
}

/** 1 at 0, 0 at 1. */
function halfCosine(share: number): number {
  return (1 + Math.cos(Math.PI * share)) / 2;
}

function rampFactor(schedule: EpochRamp, epoch: number): number {
  const { warmUp, rampDownStart, rampDownLength, lastValue } = schedule;
  if (epoch < warmUp) return Math.exp(-5 * (1 - Math.max(epoch, 0.5) / warmUp) ** 2);
  if (epoch <= rampDownStart) return 1;
  const left = Math.max(0, rampDownLength - (epoch - rampDownStart)) / rampDownLength;
  return lastValue + (1 - lastValue) * left;
}
