import type { CheckpointFamily } from '@hearken/core';

/** What an AST or Patch-Mix checkpoint looks like, with Hugging Face's and with the authors' tensor names. */
export const checkpoints: readonly CheckpointFamily[] = [
  {
    description: 'an audio spectrogram transformer (Hugging Face AST)',
    landmarks: ['embeddings.distillation_token', 'embeddings.patch_embeddings.projection.weight'],
  },
  {
    description: 'an audio spectrogram transformer (AST or Patch-Mix)',
    landmarks: ['v.cls_token', 'v.blocks.0.attn.qkv.weight'],
  },
];
