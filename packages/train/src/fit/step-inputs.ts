import type { ChangedBatch, ExampleForm, RandomNumbers, TrainableNetwork } from '@hearken/core';
import { sizeOf } from '../graph/tensor-elements.js';
import type { ResolvedRecipe } from '../recipes/resolve-recipe.js';
import type { StepInputs } from '../trainer/trainer.js';
import type { Examples } from './task.js';

/** A batch as the step's graph takes it. */
export interface PreparedBatch {
  readonly inputs: StepInputs;
  /** Parameters that have no gradient in this step. */
  readonly withoutGradient: ChangedBatch['withoutGradient'];
}

/** Makes the inputs of steps: gathers examples, lets the recipe change them, and draws dropout. */
export class StepBatches {
  readonly #rows: Float32Array;
  readonly #examples: Float32Array;
  readonly #targets: Float32Array;
  readonly #size: number;

  constructor(
    readonly data: Examples,
    readonly form: ExampleForm,
    readonly network: TrainableNetwork,
    readonly recipe: ResolvedRecipe,
    readonly batch: number,
  ) {
    this.#size = sizeOf(form.shape);
    this.#examples = new Float32Array(batch * this.#size);
    this.#rows = data.size === this.#size ? this.#examples : new Float32Array(batch * data.size);
    this.#targets = new Float32Array(batch * data.outputs);
  }

  /**
   * @param order of the rows in this epoch
   * @param start of the batch in it
   * @param random for this batch alone
   * @returns arrays that the next call overwrites
   */
  prepare(order: readonly number[], start: number, random: RandomNumbers): PreparedBatch {
    const { batch, data, form, network, recipe } = this;
    data.gather(order, start, start + batch, this.#rows, this.#targets);
    this.#chooseWindows(random);
    const { settings } = recipe;
    const examples = { data: this.#examples, count: batch, shape: form.shape };
    const changed = recipe.recipe.change?.(examples, random, settings, network.sizes ?? {});
    const { inputs = {}, mix, withoutGradient } = changed ?? {};
    const targets = mix === undefined || recipe.recipe.loss !== 'mixed' ? this.#targets : this.#mixedTargets(mix);
    const share = recipe.recipe.loss === 'patch-mix-contrast' ? mix?.shares[0] : undefined;
    return {
      withoutGradient,
      inputs: {
        ...inputs,
        ...Object.fromEntries((network.dropout ?? []).map((place) => [place.name, dropoutMask(place, batch, random)])),
        ...(share === undefined ? {} : { mixingShare: { data: Float32Array.of(share), shape: [] } }),
        [network.input]: { data: this.#examples, shape: [batch, ...form.shape] },
        targets: { data: targets, shape: [batch, data.outputs] },
      },
    };
  }

  /** One of the windows of each clip. */
  #chooseWindows(random: RandomNumbers): void {
    const windows = this.data.size / this.#size;
    if (this.#rows === this.#examples) return;
    for (let row = 0; row < this.batch; row += 1) {
      const start = row * this.data.size + random.integer(windows) * this.#size;
      this.#examples.set(this.#rows.subarray(start, start + this.#size), row * this.#size);
    }
  }

  #mixedTargets({ partners, shares }: NonNullable<ChangedBatch['mix']>): Float32Array {
    const { outputs } = this.data;
    const own = this.#targets;
    return own.map((value, index) => {
      const row = Math.floor(index / outputs);
      return shares[row] * value + (1 - shares[row]) * own[partners[row] * outputs + (index % outputs)];
    });
  }
}

function dropoutMask(
  { shape, probability }: NonNullable<TrainableNetwork['dropout']>[number],
  batch: number,
  random: RandomNumbers,
) {
  const sizes = shape.map((size) => (size === 'n' ? batch : size));
  const kept = 1 / (1 - probability);
  const data = Float32Array.from({ length: sizeOf(sizes) }, () => (random.uniform() < probability ? 0 : kept));
  return { data, shape: sizes };
}
