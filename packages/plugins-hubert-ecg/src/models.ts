import { CheckpointError, type ModelMetadata } from '@hearken/core';
import { intermediateRate, modelLeads } from './preprocessing/preprocess.js';
import type { Sizes } from './sizes.js';

function published(size: string, embeddingSize: number, layers: number, parameters: number): ModelMetadata {
  const repository = `https://huggingface.co/Edoardo-BS/hubert-ecg-${size}`;
  return {
    description: `HuBERT-ECG ${size} (${layers} layers), trained on 9.1 million 12-lead ECGs; also fine-tuned versions`,
    sampleRate: intermediateRate,
    channels: modelLeads,
    embeddingSize,
    parameters,
    license: 'CC BY-NC 4.0',
    paper: 'https://doi.org/10.1101/2024.11.14.24317328',
    checkpointUrl: repository,
    files: ['config.json', 'model.safetensors'].map((name) => ({ name, url: `${repository}/resolve/main/${name}` })),
  };
}

export const models: Readonly<Record<string, ModelMetadata>> = {
  base: published('base', 768, 12, 93_000_000),
  small: published('small', 512, 8, 30_000_000),
  large: published('large', 960, 16, 189_000_000),
};

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
