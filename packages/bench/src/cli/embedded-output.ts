import type { HearkenError } from '@hearken/core';

/** What to embed of files. */
export interface EmbedFilesOptions {
  /** Hz of files that do not say it themselves: `.npy`, CSV without a time column. */
  readonly sampleRate?: number;
  /** Hz that every ECG record must have; see `findRecordRate`. */
  readonly recordRate?: number;
  readonly scenes: boolean;
  readonly timestamps: boolean;
  /**
   * Called with a file that cannot be read, which is then left out; without it such a file is an error. A long recording that
   * proves damaged while it is embedded is one all the same.
   */
  readonly onUnreadable?: (path: string, error: HearkenError) => void;
  readonly abortSignal?: AbortSignal;
  /** Called after every batch with the signals done so far. */
  readonly onProgress?: (done: number) => void;
  /** Called with what had to be made of a file, in whole sentences. */
  readonly onWarning?: (path: string, warning: string) => void;
}

/** Where embeddings go, signal by signal in the files' order, those of a long one in parts. */
export interface EmbeddedOutput {
  /** @param embeddings one or more, of `sceneEmbeddingSize` values */
  scenes(embeddings: Float32Array): Promise<void>;
  /**
   * @param timestamps window centres in ms
   * @param embeddings one for each, of `timestampEmbeddingSize` values
   */
  timestamps(timestamps: Float32Array, embeddings: Float32Array): Promise<void>;
}
