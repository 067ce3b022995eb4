// One step of fine-tuning Patch-Mix against PyTorch, by each of its three methods.
import { it } from 'vitest';
import { expectBatch } from '../../../tests/support/training-batch.js';
import { describeTrainingFixtures } from '../../../tests/support/training-fixtures.js';
import { trainingBatches } from './training-batches.js';

describeTrainingFixtures('patchmix', 'Patch-Mix, one batch', (folder) => {
  const batches = trainingBatches(folder);

  it.each(batches.modes)('computes %s', async (mode) => {
    await expectBatch(await batches.batch(mode));
  });
});
