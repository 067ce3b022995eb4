import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TaskError } from '@hearken/core';
import { expect, it } from 'vitest';
import { taskContentHash } from '../src/content-hash.node.js';
import { openTask } from '../src/open-task.node.js';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';
import { writeToneTask } from '../../../tests/support/tone-task.js';

const temporaryFolder = temporaryFolders();

it('reads the weights of cinc2020 from the task folder, and counts them as its content', async () => {
  const metadata = { evaluation: ['cinc2020'], prediction_type: 'multilabel' };
  const folder = await writeToneTask(join(await temporaryFolder(), 'task'), { clips: 2, metadata });
  await expect(openTask(folder)).rejects.toThrow(TaskError);
  await expect(openTask(folder)).rejects.toThrow('cinc2020_weights.csv');
  await writeFile(join(folder, 'cinc2020_weights.csv'), ',low,high\nlow,1,0.5\nhigh,0.5,1\n');
  const task = await openTask(folder);
  expect(task.metadata.evaluationParams.cinc2020_weights).toEqual({
    diagnoses: [['low'], ['high']],
    weights: [
      [1, 0.5],
      [0.5, 1],
    ],
  });
  const hash = await taskContentHash(task);
  await writeFile(join(folder, 'cinc2020_weights.csv'), ',low,high\nlow,1,0.4\nhigh,0.4,1\n');
  expect(await taskContentHash(await openTask(folder))).not.toBe(hash);
});

it('takes no weights from outside the folder', async () => {
  const metadata = { evaluation: ['cinc2020'], evaluation_params: { cinc2020_weights: '../weights.csv' } };
  const folder = await writeToneTask(join(await temporaryFolder(), 'task'), { clips: 2, metadata });
  await expect(openTask(folder)).rejects.toThrow(
    "set evaluation_params.cinc2020_weights to the name of a file in the task's folder",
  );
});
