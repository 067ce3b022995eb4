import type { ModelMetadata } from '@hearken/core';
import { intermediateRate, modelLeads } from './preprocessing/preprocess.js';

function published(size: string, embeddingSize: number, layers: number, parameters: number): ModelMetadata {
  const repository = `https://huggingface.co/Edoardo-BS/hubert-ecg-${size}`;
  return {
    description: `HuBERT-ECG ${size} (${layers} layers), trained on 9.1 million 12-lead ECGs; fine-tuned ones too`,
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
