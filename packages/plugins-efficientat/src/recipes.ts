import type { TrainingRecipe } from '@hearken/core';
import { mixExamples } from '@hearken/core/internal';

/** How EfficientAT's authors fine-tune. */
export const recipes: Readonly<Record<string, TrainingRecipe>> = {
  /**
   * `ex_esc50.py` of github.com/fschmid56/EfficientAT: Adam without decay on all weights, batch norms on the batch's
   * statistics, mixup. Batches are of 32 instead of 128, for smaller tasks and machines; augmentations of the waveform and
   * of the front end are left out.
   */
  efficientat: {
    description: "its authors' fine-tuning: all weights, mixup, batch statistics (Schmid et al. 2023)",
    trains: 'all',
    loss: 'mixed',
    settings: {
      epochs: 80,
      batchSize: 32,
      optimiser: 'adam',
      learningRate: 6e-5,
      weightDecay: 0,
      schedule: 'epoch-ramp',
      warmupEpochs: 10,
      rampDownStart: 10,
      rampDownEpochs: 65,
      lastRate: 0.01,
      clipNorm: 0,
      batchStatistics: true,
      statisticsMomentum: 0.01,
      mixup: 0.3,
      dropout: 0.2,
    },
    dropout: ({ dropout }) => ({ classifier: dropout as number }),
    change: mixExamples,
  },
};
