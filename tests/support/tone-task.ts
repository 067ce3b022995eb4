import { encodeWav } from '../../packages/signals/src/audio/encode-wav.js';
import { writeTask, type TaskParts } from './task-folder.js';

/** The settings of a tone task. */
export interface ToneTaskOptions {
  readonly name?: string;
  /** Clips of each of the splits `train`, `valid` and `test`. */
  readonly clips?: number;
  /** Replaces clips by name, such as `train/0.wav`. */
  readonly replace?: Readonly<Record<string, Uint8Array>>;
  readonly event?: boolean;
  readonly metadata?: TaskParts['metadata'];
}

/** An 8 kHz task of low and high tones of half a second; counting zero crossings is enough to tell them apart. */
export async function writeToneTask(folder: string, options: ToneTaskOptions = {}): Promise<string> {
  const { name = 'tones', clips = 8, replace = {}, event = false } = options;
  const files: Record<string, Uint8Array> = {};
  const splits: Record<string, Record<string, unknown>> = {};
  for (const [splitIndex, split] of ['train', 'valid', 'test'].entries()) {
    splits[split] = {};
    for (let clip = 0; clip < clips; clip += 1) {
      const high = clip % 2 === 1;
      const file = `${clip}.wav`;
      files[`8000/${split}/${file}`] = encodeWav(tone(high ? 0.9 : 0.1, clip + splitIndex * clips), 8000);
      const label = high ? 'high' : 'low';
      splits[split][file] = event ? [{ start: 0, end: 300, label }] : [label];
    }
  }
  for (const [path, bytes] of Object.entries(replace)) files[`8000/${path}`] = bytes;
  const metadata = {
    task_name: name,
    ...(event ? { embedding_type: 'event', prediction_type: 'multilabel', evaluation: ['segment_1s_er'] } : {}),
    ...options.metadata,
  };
  return writeTask(folder, { metadata, vocabulary: 'idx,label\n0,low\n1,high\n', splits, files });
}

/** Half a second at 8 kHz; `step` in radians a sample. */
export function tone(step: number, phase: number, samples = 4000): Float32Array {
  return Float32Array.from({ length: samples }, (_, index) => 0.5 * Math.sin(step * index + phase));
}
