import type { Tensor } from '@hearken/onnx';
import { type MlpShape, type Parameters, parameterSpecs, sizeOf } from './parameters.js';

/**
 * Parameters and Adam's moments, twice: a training step reads one set and writes the other, so that steps need no
 * allocations or copies.
 */
export class TrainingState {
  #current: Record<string, Tensor>;
  #next: Record<string, Tensor>;

  constructor(shape: MlpShape, initial: Parameters) {
    this.#current = tensors(shape);
    this.#next = tensors(shape);
    for (const [name, values] of Object.entries(initial)) (this.#current[name].data as Float32Array).set(values);
  }

  /** Inputs of the next step, by name. */
  get inputs(): Readonly<Record<string, Tensor>> {
    return this.#current;
  }

  /** Where the next step writes its outputs, by name. */
  get outputs(): Readonly<Record<string, Tensor>> {
    return Object.fromEntries(Object.entries(this.#next).map(([name, tensor]) => [`next/${name}`, tensor]));
  }

  /** Makes what the step wrote the current values. */
  advance(): void {
    [this.#current, this.#next] = [this.#next, this.#current];
  }

  /** The current parameters by name, without the moments; overwritten by the step after the next one. */
  get parameters(): Readonly<Record<string, Tensor>> {
    return Object.fromEntries(Object.entries(this.#current).filter(([name]) => !name.includes('/')));
  }

  /**
   * A copy of the current parameters.
   *
   * @param into an earlier copy that is no longer needed, which is overwritten
   */
  copyParameters(into?: Parameters): Parameters {
    return Object.fromEntries(
      Object.entries(this.parameters).map(([name, { data }]) => {
        const copy = into?.[name] ?? new Float32Array(data.length);
        copy.set(data as Float32Array);
        return [name, copy];
      }),
    );
  }
}

function tensors(shape: MlpShape): Record<string, Tensor> {
  const all: Record<string, Tensor> = {};
  for (const spec of parameterSpecs(shape)) {
    for (const name of spec.trained ? [spec.name, `${spec.name}/m`, `${spec.name}/v`] : [spec.name]) {
      all[name] = { data: new Float32Array(sizeOf(spec)), shape: spec.shape };
    }
  }
  return all;
}
