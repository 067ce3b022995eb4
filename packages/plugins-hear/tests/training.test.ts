// One step of fine-tuning HeAR against PyTorch: loss, logits and every gradient, with and without adapters.
import { it } from 'vitest';
import { expectBatch } from '../../../tests/support/training-batch.js';
import { describeTrainingFixtures } from '../../../tests/support/training-fixtures.js';
import { trainingBatches } from './training-batches.js';

describeTrainingFixtures('hear', 'HeAR, one batch', (folder) => {
  const batches = trainingBatches(folder);

  it.each(batches.modes)('trains %s', async (mode) => {
    await expectBatch(await batches.batch(mode));
  });
});
