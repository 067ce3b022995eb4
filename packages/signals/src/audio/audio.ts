/** Decoded audio: one float32 array per channel, all of the same length, full scale at ±1. */
export interface DecodedAudio {
  /** The samples of each channel. */
  readonly channels: Float32Array[];
  /** Sample rate in Hz. */
  readonly sampleRate: number;
  /** How many channels were mixed down to this one; absent if there was no mixing. */
  readonly mixedFrom?: number;
}

/**
 * The mean of all channels, like the mixdown of heareval and librosa. A mono signal is returned as it is, not copied.
 *
 * @param channels one or more, `[samples]` each
 * @returns `[samples]`
 */
export function mixToMono(channels: readonly Float32Array[]): Float32Array {
  if (channels.length === 1) return channels[0];
  const mono = new Float32Array(channels[0].length);
  for (let index = 0; index < mono.length; index += 1) {
    let sum = 0;
    for (const channel of channels) sum += channel[index];
    mono[index] = sum / channels.length;
  }
  return mono;
}
