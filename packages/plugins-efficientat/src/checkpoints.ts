import type { CheckpointFamily } from '@hearken/core';

/** What an EfficientAT checkpoint looks like. */
export const checkpoints: readonly CheckpointFamily[] = [
  {
    description: 'an EfficientAT network',
    landmarks: ['features.0.0.weight', 'features.16.0.weight'],
    // torchvision's MobileNetV3, and the authors' dynamic one (DyMN).
    without: ['features.4.block.2.fc1.weight', 'in_c.0.weight'],
  },
];
