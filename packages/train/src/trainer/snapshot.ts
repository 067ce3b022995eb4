import { OptionError } from '@hearken/core';
import type { Optimiser } from '../optimisers/optimiser.js';
import type { TensorArena } from '../optimisers/tensor-arena.js';
import type { WeightAverage } from '../optimisers/weight-average.js';

/** A tensor of a snapshot. */
export interface SnapshotTensor {
  /** Sizes of its dimensions. */
  readonly shape: readonly number[];
  /** A copy of its elements. */
  readonly data: Float32Array;
}

/** What a training can be continued from, with the same numbers as without a break. */
export interface TrainerSnapshot {
  /** Updates that were done. */
  readonly updates: number;
  /** Updates of each parameter: fewer where it had no gradient. */
  readonly counts: Readonly<Record<string, number>>;
  /**
   * Parameters as `parameter/<name>`, running statistics as `statistic/<name>`, averages as `average/<name>` and the
   * optimiser's state as `<state>/<name>`, such as `first/<name>`.
   */
  readonly tensors: ReadonlyMap<string, SnapshotTensor>;
}

/** What a trainer keeps from step to step. */
export interface TrainerState {
  readonly parameters: TensorArena;
  readonly statistics: TensorArena;
  readonly average: WeightAverage | undefined;
  readonly optimiser: Optimiser;
}

/** Copies a trainer's arenas. */
export function snapshotOf(trainer: TrainerState, updates: number): TrainerSnapshot {
  const tensors = new Map<string, SnapshotTensor>();
  for (const [kind, arena] of arenasOf(trainer)) {
    for (const [name, { data, shape }] of arena.tensors) tensors.set(`${kind}/${name}`, { shape, data: data.slice() });
  }
  const { parameters, optimiser } = trainer;
  const counts = Object.fromEntries(parameters.specs.map(({ name }, index) => [name, optimiser.counts[index]]));
  return { updates, counts, tensors };
}

/** Writes a snapshot into a trainer's arenas, after checking all of it. */
export function restoreTrainer(trainer: TrainerState, { counts, tensors }: TrainerSnapshot): void {
  const targets = new Map<string, Float32Array>();
  for (const [kind, arena] of arenasOf(trainer)) {
    for (const [name, { data }] of arena.tensors) targets.set(`${kind}/${name}`, data);
  }
  const wrong =
    [...targets].find(([name, data]) => tensors.get(name)?.data.length !== data.length)?.[0] ??
    [...tensors.keys()].find((name) => !targets.has(name)) ??
    trainer.parameters.specs.find(({ name }) => !Number.isInteger(counts[name]))?.name;
  if (wrong !== undefined) {
    throw new OptionError({
      asked: 'to continue a training',
      found: `a snapshot of another one: '${wrong}' differs`,
      fix: 'continue with the same model, recipe and settings, or start again',
    });
  }
  for (const [name, data] of targets) data.set(tensors.get(name)!.data);
  trainer.parameters.specs.forEach(({ name }, index) => {
    trainer.optimiser.counts[index] = counts[name];
  });
}

function* arenasOf({ parameters, statistics, average, optimiser }: TrainerState): Generator<[string, TensorArena]> {
  yield ['parameter', parameters];
  yield ['statistic', statistics];
  if (average !== undefined) yield ['average', average.average];
  yield* optimiser.state;
}
