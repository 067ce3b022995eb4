import type { GraphValue, TrainingForm } from './contracts.js';
import type { GraphWriter } from './graph-writer.js';

/** A node of the forward pass, with what adds its gradients. */
export interface ForwardStep {
  readonly inputs: readonly (GraphValue | undefined)[];
  /** Whether each input depends on a trained parameter. */
  readonly wanted: readonly boolean[];
  readonly form: TrainingForm;
}

/** Adds the backward pass: the nodes of the forward pass in the opposite order. */
export class Backward {
  readonly #gradients = new Map<string, GraphValue>();

  constructor(
    readonly writer: GraphWriter,
    readonly steps: readonly ForwardStep[],
    readonly parameters: ReadonlySet<string>,
  ) {}

  /** @returns the gradient of each parameter that the loss depends on, by its name */
  write(loss: GraphValue): ReadonlyMap<string, GraphValue> {
    const { writer } = this;
    const root = writer.constant([1], loss.shape);
    this.#gradients.set(loss.name, root);
    writer.startBackward(root);
    for (const { inputs, wanted, form } of [...this.steps].reverse()) {
      const gradients = form.outputs.map((output) => output && this.#gradients.get(output.name));
      if (gradients.every((gradient) => gradient === undefined)) continue;
      const found = form.backward(gradients, wanted);
      // No later step reads them, and whoever else has this value doesn't get its gradient from here.
      for (const output of form.outputs) if (output !== undefined) this.#gradients.delete(output.name);
      inputs.forEach((input, index) => {
        const gradient = found[index];
        if (input !== undefined && gradient !== undefined && wanted[index]) this.#collect(input, gradient);
      });
    }
    return new Map([...this.#gradients].filter(([name]) => this.parameters.has(name)));
  }

  /** A value that is used several times gets the sum of its gradients. */
  #collect({ name }: GraphValue, gradient: GraphValue): void {
    const other = this.#gradients.get(name);
    this.#gradients.set(name, other === undefined ? gradient : this.writer.add('Add', [other, gradient]));
  }
}
