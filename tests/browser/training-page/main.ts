import { createWebSession } from '@hearken/onnx/web';
import { differentiate, type DifferentiateOptions } from '@hearken/train';
import { fromBase64, fromPlain, type PlainTensors, toPlain } from './plain-tensors.js';

/** A training step as JSON. */
export interface PlainStep {
  /** A model's bytes, in base64. */
  readonly model: string;
  readonly options: DifferentiateOptions;
  readonly inputs: PlainTensors;
  /** URLs of the files of weights, by the names that the model has for them. */
  readonly weights?: Readonly<Record<string, string>>;
}

/** What tests call in the page. */
export interface TrainingCalls {
  /** Differentiates a model, and runs the result: all outputs. */
  step(step: PlainStep): Promise<PlainTensors>;
}

const calls: TrainingCalls = {
  async step({ model, options, inputs, weights = {} }) {
    const training = differentiate(fromBase64(model), options);
    const files = new Map<string, Blob>();
    for (const [name, url] of Object.entries(weights)) {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${url}: ${response.status}`);
      files.set(name, await response.blob());
    }
    const session = await createWebSession(training.model, {
      executionProvider: 'wasm',
      threads: 1,
      external: { files },
    });
    try {
      return toPlain(await session.run(fromPlain(inputs)));
    } finally {
      await session.dispose();
    }
  },
};

Object.assign(globalThis, { calls });
