import { type Embedder, OptionError } from '@hearken/core';

let current: Embedder | undefined;

/** Keeps the most recently loaded model for the jobs of this worker, until it is disposed of. */
export function keepModel(embedder: Embedder): Embedder {
  const dispose = embedder.dispose.bind(embedder);
  embedder.dispose = () => {
    if (current === embedder) current = undefined;
    return dispose();
  };
  current = embedder;
  return embedder;
}

/** @throws OptionError if none is loaded */
export function loadedModel(): Embedder {
  if (current !== undefined) return current;
  throw new OptionError({ asked: 'embeddings', found: 'no loaded model', fix: 'load a model first' });
}
