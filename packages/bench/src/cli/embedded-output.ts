import type { HearkenError } from '@hearken/core';

/** How to embed files. */
export interface EmbedFilesOptions {
  /** Sample rate in Hz of files that do not have one: `.npy`, CSV without a time column. */
  readonly sampleRate?: number;
  /** Sample rate in Hz that every ECG record must have; see `findRecordRate`. */
  readonly recordRate?: number;
  readonly scenes: boolean;
  readonly timestamps: boolean;
  /**
   * Called with each unreadable file, which is then skipped; if undefined, such a file is an error. A long recording
   * that turns out to be damaged while it is embedded is always an error.
   */
  readonly onUnreadable?: (path: string, error: HearkenError) => void;
  readonly abortSignal?: AbortSignal;
  /** Called after every batch with the number of finished signals. */
  readonly onProgress?: (done: number) => void;
  /** Called with notes on what had to be corrected or assumed in a file, in whole sentences. */
  readonly onWarning?: (path: string, warning: string) => void;
}

/** Receives embeddings signal by signal in the order of the files; those of a long one in parts. */
export interface EmbeddedOutput {
  /** @param embeddings one or more, of `sceneEmbeddingSize` values */
  scenes(embeddings: Float32Array): Promise<void>;
  /**
   * @param timestamps window centres in ms
   * @param embeddings one per timestamp, of `timestampEmbeddingSize` values
   */
  timestamps(timestamps: Float32Array, embeddings: Float32Array): Promise<void>;
}
