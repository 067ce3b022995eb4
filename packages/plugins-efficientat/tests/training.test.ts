// One step of fine-tuning EfficientAT against PyTorch, with the batch's statistics and with the running ones.
import { it } from 'vitest';
import { expectBatch } from '../../../tests/support/training-batch.js';
import { describeTrainingFixtures } from '../../../tests/support/training-fixtures.js';
import { trainingBatches } from './training-batches.js';

describeTrainingFixtures('efficientat', 'EfficientAT, one batch', (folder) => {
  const batches = trainingBatches(folder);

  it.each(batches.modes)('computes %s', async (mode) => {
    await expectBatch(await batches.batch(mode));
  });
});
