import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseMetadata } from '../../src/metadata.js';
import type { Clip, Task } from '../../src/task.js';
import { sceneMetadata } from '../../../../tests/support/task-folder.js';

/** A task in memory whose splits have so many clips, labelled in turn. */
export function madeTask(counts: Readonly<Record<string, number>>, kfold = false): Task {
  const splitMode = kfold ? 'presplit_kfold' : 'trainvaltest';
  const text = JSON.stringify({
    ...sceneMetadata,
    split_mode: splitMode,
    ...(kfold ? { nfolds: Object.keys(counts).length } : {}),
    splits: Object.keys(counts),
  });
  const { metadata } = parseMetadata(text, 'task_metadata.json');
  const splits = new Map(
    Object.entries(counts).map(([split, count]) => [
      split,
      Array.from({ length: count }, (_, index): Clip => ({
        name: `${index}.wav`,
        labels: [index % 2 === 0 ? 'cat' : '7'],
        events: [],
      })),
    ]),
  );
  return { metadata, id: 'tiny-v1-full', folder: '/nowhere', labels: ['cat', '7'], splits, sampleRates: [8000] };
}

/** Writes a `clips.csv` of a line for each clip of a task of tones: device and person by the clip's number. */
export async function writeClipTable(
  folder: string,
  clips: number,
  row: (split: string, clip: number) => readonly [group: string, device: string],
): Promise<void> {
  const lines = ['train', 'valid', 'test'].flatMap((split) =>
    Array.from({ length: clips }, (_, clip) => {
      const [group, device] = row(split, clip);
      return `${clip}.wav,${split},${group},source.wav,,,${device}`;
    }),
  );
  await writeFile(join(folder, 'clips.csv'), `clip,split,group,source,start,end,device\n${lines.join('\n')}\n`);
}
