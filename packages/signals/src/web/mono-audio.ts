/** How to read an audio file. */
export interface DecodeAudioOptions {
  /** A longer file is refused, never cut; default 1800, half an hour. */
  readonly maximumSeconds?: number;
  /** Cancels decoding; the promise then rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal;
  /**
   * Starts a worker whose module calls `serveAudioDecoding(self)`. Compressed audio is then decoded there: if a file
   * hangs its decoder, the worker is terminated after a minute without a sign of life or when `abortSignal` fires, and
   * the page is not affected. Pass the same function each time: its worker is kept for further files.
   */
  readonly decodeWorker?: () => Worker;
}

/** One channel of audio. */
export interface MonoAudio {
  /** In [-1, 1]. */
  readonly samples: Float32Array;
  /** Hz. */
  readonly sampleRate: number;
}
