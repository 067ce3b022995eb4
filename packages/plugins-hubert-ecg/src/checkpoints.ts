import type { CheckpointFamily } from '@hearken/core';

export const landmark = 'feature_extractor.conv_layers.0.conv.weight';
/** Speech models of this family (HuBERT, wav2vec 2.0, WavLM) have seven convolutions, HuBERT-ECG has five. */
export const speechLandmark = 'feature_extractor.conv_layers.6.conv.weight';

/** What a HuBERT-ECG checkpoint looks like. */
export const checkpoints: readonly CheckpointFamily[] = [
  {
    description: 'a HuBERT model for ECGs (HuBERT-ECG)',
    landmarks: [landmark, 'encoder.layers.0.attention.q_proj.weight'],
    without: [speechLandmark],
  },
];
