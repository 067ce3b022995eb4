import { extname } from 'node:path';
import { ecgExtensions } from '@hearken/signals';
import type { PlannedTask } from './dataset.js';

/** Extensions of audio files. */
export const audioExtensions: readonly string[] = [
  ...['.wav', '.flac', '.mp3', '.ogg', '.oga', '.opus', '.m4a', '.mp4', '.aac', '.aif', '.aiff', '.caf', '.webm'],
  ...['.aifc', '.au', '.snd', '.w64', '.rf64', '.sph', '.mka', '.wave'],
];

/** What a file is, by its extension; undefined if neither. A `.csv` may be a table and is not an ECG here. */
export function modalityOfFile(path: string): PlannedTask['modality'] | undefined {
  const extension = extname(path).toLowerCase();
  if (audioExtensions.includes(extension)) return 'audio';
  const signals = [...ecgExtensions.filter((one) => one !== '.csv' && one !== '.tsv'), '.npy'];
  return signals.includes(extension) ? 'ecg' : undefined;
}
