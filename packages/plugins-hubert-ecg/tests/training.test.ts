// One step of HuBERT-ECG's fine-tuning against PyTorch: loss, logits and every gradient.
import { expect, it } from 'vitest';
import { expectBatch } from '../../../tests/support/training-batch.js';
import { describeTrainingFixtures } from '../../../tests/support/training-fixtures.js';
import { trainingBatches } from './training-batches.js';

describeTrainingFixtures('hubert-ecg', 'HuBERT-ECG, one batch', (folder) => {
  const batches = trainingBatches(folder);

  it.each(batches.modes)('trains %s', async (mode) => {
    await expectBatch(await batches.batch(mode));
  });

  it('leaves padding out', async () => {
    await expectBatch(await batches.padded());
  });

  it('drops what the masks say', async () => {
    const batch = await batches.dropout();
    const places = Object.keys(batch.inputs).filter((name) => name.startsWith('dropout/'));
    expect(places.sort()).toEqual(batches.dropoutPlaces.map((place) => `dropout/${place}`).sort());
    await expectBatch(batch);
  });
});
