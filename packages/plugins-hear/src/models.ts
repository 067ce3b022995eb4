import type { ModelMetadata } from '@hearken/core';

const repository = 'https://huggingface.co/google/hear-pytorch';

export const models: Readonly<Record<string, ModelMetadata>> = {
  hear: {
    description:
      'HeAR, a ViT-L trained on 313 million clips of coughs, breathing and other health-related sounds (gated)',
    sampleRate: 16_000,
    channels: 1,
    embeddingSize: 512,
    parameters: 303_000_000,
    license:
      'Health AI Developer Foundations terms of use (https://developers.google.com/health-ai-developer-foundations/terms)',
    paper: 'https://arxiv.org/abs/2403.02522',
    checkpointUrl: repository,
    files: ['config.json', 'model.safetensors'].map((name) => ({ name, url: `${repository}/resolve/main/${name}` })),
    terms: { url: repository, gated: true },
  },
};
