import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeWav } from '@hearken/signals';
import { writeTask } from '../../../../tests/support/task-folder.js';
import { tone, writeToneTask } from '../../../../tests/support/tone-task.js';

/**
 * The tasks that the results in `fixtures/version-1` are of: scenes, numbers (with groups and devices in a `clips.csv`),
 * and events. The same bytes each time, so that the results are found again.
 */
export async function writeFixtureTasks(folder: string): Promise<Record<'tones' | 'numbers' | 'events', string>> {
  const evaluation = ['top1_acc', 'aucroc', 'f1_macro'];
  return {
    tones: await writeToneTask(join(folder, 'tones'), { clips: 12, metadata: { evaluation } }),
    numbers: await writeNumbers(join(folder, 'numbers')),
    events: await writeToneTask(join(folder, 'events'), {
      name: 'events',
      clips: 6,
      event: true,
      metadata: { evaluation: ['segment_1s_er', 'event_onset_200ms_fms'], sample_duration: 0.5 },
    }),
  };
}

async function writeNumbers(folder: string): Promise<string> {
  const files: Record<string, Uint8Array> = {};
  const splits: Record<string, Record<string, unknown>> = {};
  const lines: string[] = [];
  for (const split of ['train', 'valid', 'test']) {
    splits[split] = {};
    for (let clip = 0; clip < 12; clip += 1) {
      const step = 0.1 + 0.05 * clip;
      files[`8000/${split}/${clip}.wav`] = encodeWav(tone(step, clip), 8000);
      splits[split][`${clip}.wav`] = [step * 8000];
      lines.push(`${clip}.wav,${split},${split}-${clip >> 1},${clip % 2 === 0 ? 'phone' : 'laptop'}`);
    }
  }
  const metadata = { task_name: 'numbers', prediction_type: 'regression', evaluation: ['r2', 'mae'] };
  await writeTask(folder, { metadata, vocabulary: 'idx,label\n0,step\n', splits, files });
  await writeFile(join(folder, 'clips.csv'), `clip,split,group,device\n${lines.join('\n')}\n`);
  return folder;
}
