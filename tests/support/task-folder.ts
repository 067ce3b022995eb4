import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { encodeWav } from '../../packages/signals/src/audio/encode-wav.js';

/** The contents of an artificial task folder; every part can be replaced by something wrong. */
export interface TaskParts {
  readonly metadata?: Record<string, unknown>;
  readonly vocabulary?: string;
  /** Split name to content, or to raw text. */
  readonly splits?: Record<string, unknown>;
  /** Files below the folder, instead of half a second of audio for each clip. */
  readonly files?: Record<string, Uint8Array>;
}

export const sceneMetadata = {
  task_name: 'tiny',
  version: 'v1',
  embedding_type: 'scene',
  prediction_type: 'multiclass',
  split_mode: 'trainvaltest',
  sample_duration: 0.5,
  evaluation: ['top1_acc'],
  mode: 'full',
  splits: ['train', 'valid', 'test'],
};

const sceneSplits = {
  train: { 'a b.wav': ['cat'], 'ü.wav': [7] },
  valid: { 'c.wav': ['cat'] },
  test: { 'd.wav': ['7'] },
};

/** Writes a small task of 8 kHz clips. */
export async function writeTask(folder: string, parts: TaskParts = {}): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'task_metadata.json'), JSON.stringify({ ...sceneMetadata, ...parts.metadata }));
  await writeFile(join(folder, 'labelvocabulary.csv'), parts.vocabulary ?? 'idx,label\n0,cat\n1,7\n');
  const splits: Record<string, unknown> = parts.splits ?? sceneSplits;
  const files: Record<string, Uint8Array> = { ...parts.files };
  for (const [split, content] of Object.entries(splits)) {
    await writeFile(join(folder, `${split}.json`), typeof content === 'string' ? content : JSON.stringify(content));
    if (parts.files !== undefined || typeof content !== 'object' || content === null) continue;
    Object.keys(content).forEach((name, index) => {
      const tone = Float32Array.from({ length: 4000 }, (_, sample) => 0.5 * Math.sin(sample * (0.1 + index)));
      files[`8000/${split}/${name}`] = encodeWav(tone, 8000);
    });
  }
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  return folder;
}
