/** What to make of an audio file. */
export interface DecodeAudioOptions {
  /** A longer file is refused, never cut; default 1800, half an hour. */
  readonly maximumSeconds?: number;
  /** Ends decoding; the promise then rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal;
}

/** One channel of audio. */
export interface MonoAudio {
  /** In [-1, 1]. */
  readonly samples: Float32Array;
  /** Hz. */
  readonly sampleRate: number;
}
