import type { CheckpointFamily } from '@hearken/core';

export const classToken = 'embeddings.cls_token';
export const patchWeight = 'embeddings.patch_embeddings.projection.weight';
/** Audio spectrogram transformers have it, and their other names are like HeAR's. */
export const distillationToken = 'embeddings.distillation_token';

/** What a HeAR checkpoint looks like. */
export const checkpoints: readonly CheckpointFamily[] = [
  {
    description: 'HeAR, or another vision transformer with one input channel (Hugging Face ViT)',
    landmarks: [classToken, patchWeight],
    without: [distillationToken],
    shapes: { [patchWeight]: [null, 1, null, null] },
  },
];
