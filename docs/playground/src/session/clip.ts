import type { ReadClip } from '../work/jobs.js';

/** Files dropped together: an audio file, or the files of ECG records. */
export interface ClipSource {
  readonly kind: 'audio' | 'ecg';
  readonly files: readonly File[];
}

/** A classifier's prediction for a clip. */
export interface ClipAnswer {
  /** The most likely label and its probability. */
  readonly label: string;
  readonly probability: number;
  /** For every label, in the classifier's order. */
  readonly probabilities: readonly number[];
}

export type ClipState = 'waiting' | 'embedded' | 'other-signal' | 'failed';

/** A clip in the page's list. */
export interface Clip {
  readonly id: number;
  readonly name: string;
  readonly source: ClipSource;
  label: string;
  state: ClipState;
  /** Why it failed. */
  problem?: string;
  read?: ReadClip;
  /** The classifier's prediction. */
  answer?: ClipAnswer;
}

/** A clip with an embedding from the loaded model. */
export type EmbeddedClip = Clip & { readonly read: ReadClip & { readonly embedding: Float32Array } };

export function isEmbedded(clip: Clip): clip is EmbeddedClip {
  return clip.state === 'embedded' && clip.read?.embedding !== undefined;
}

const ecgFile = /\.(?:hea|dat|csv|tsv|npy|mat|edf|bdf)$/i;
const checkpointFile = /\.(?:pt|pth|safetensors|onnx|bin|ckpt)$/i;

/** Sorts dropped files into audio files, files of ECG records, and checkpoints. */
export function sortFiles(files: readonly File[]): { audio: File[]; ecg: File[]; checkpoints: File[] } {
  const isOf = (pattern: RegExp) => (file: File) => pattern.test(file.name);
  const ecg = files.filter(isOf(ecgFile));
  const checkpoints = files.filter(isOf(checkpointFile));
  return { ecg, checkpoints, audio: files.filter((file) => !ecg.includes(file) && !checkpoints.includes(file)) };
}
