import { createWebSession, type Tensor } from '@hearken/onnx/web';
import { differentiate } from '@hearken/train';

/** Tensors as JSON. */
export type PlainTensors = Readonly<Record<string, { readonly data: number[]; readonly shape: number[] }>>;

/** What tests call in the page. */
export interface TrainingCalls {
  /**
   * Differentiates a model with respect to its inputs, and runs the result.
   *
   * @param model the bytes of a model with an output `loss`
   * @returns all outputs
   */
  gradients(model: number[], inputs: PlainTensors): Promise<PlainTensors>;
}

const calls: TrainingCalls = {
  async gradients(model, inputs) {
    const { model: training } = differentiate(Uint8Array.from(model), {
      loss: 'loss',
      parameters: Object.keys(inputs),
    });
    const session = await createWebSession(training, { executionProvider: 'wasm', threads: 1 });
    const given = Object.entries(inputs).map(([name, { data, shape }]): [string, Tensor] => [
      name,
      { data: Float32Array.from(data), shape },
    ]);
    const found = await session.run(Object.fromEntries(given));
    await session.dispose();
    const plain = Object.entries(found).map(([name, { data, shape }]) => [
      name,
      { data: Array.from(data as Float32Array), shape: [...shape] },
    ]);
    return Object.fromEntries(plain) as PlainTensors;
  },
};

Object.assign(globalThis, { calls });
