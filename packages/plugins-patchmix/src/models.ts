import type { ModelMetadata } from '@hearken/core';

const ast = 'https://huggingface.co/MIT/ast-finetuned-audioset-10-10-0.4593';

const shared = { sampleRate: 16_000, channels: 1, embeddingSize: 768 } as const;

/** The models; the model determines how audio is prepared. */
export const models = {
  patchmix: {
    ...shared,
    description:
      'Patch-Mix AST, trained on the lung sounds of ICBHI 2017 (its authors publish the code, not the weights)',
    parameters: 86_900_000,
    license: 'MIT',
    paper: 'https://arxiv.org/abs/2305.14032',
  },
  ast: {
    ...shared,
    description: 'AST, audio spectrogram transformer, trained on AudioSet',
    parameters: 86_600_000,
    license: 'BSD-3-Clause',
    paper: 'https://arxiv.org/abs/2104.01778',
    checkpointUrl: ast,
    files: ['config.json', 'preprocessor_config.json', 'model.safetensors'].map((name) => ({
      name,
      url: `${ast}/resolve/main/${name}`,
    })),
  },
} as const satisfies Readonly<Record<string, ModelMetadata>>;

export type ModelName = keyof typeof models;
