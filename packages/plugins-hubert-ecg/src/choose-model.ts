import { CheckpointError } from '@hearken/core';
import { models } from './models.js';
import type { Sizes } from './sizes.js';

/**
 * The model's name: the published size of the checkpoint, else the requested one, else the first.
 *
 * @throws CheckpointError if the checkpoint has a different published size than requested
 */
export function chooseModel(checkpoint: string, { width, layers }: Sizes, asked: string | undefined): string {
  const shown = Object.keys(models).find((model) => models[model].embeddingSize === width);
  if (asked !== undefined && shown !== undefined && asked !== shown) {
    throw new CheckpointError({
      asked: `${checkpoint} as hubert-ecg:${asked}`,
      found: `${layers} layers, ${width} wide: it looks like ${shown}`,
      fix: `load it as hubert-ecg:${shown}, or pass the checkpoint of ${asked}`,
    });
  }
  return shown ?? asked ?? Object.keys(models)[0];
}
