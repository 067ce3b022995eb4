import { AudioError } from '@hearken/core';

/** Samples of all channels together that a file may decode to: 2 GiB of float32. */
const defaultMaximumSamples = 2 ** 29;

/** Limits for an audio file. */
export interface DecodeLimits {
  /** The longest allowed duration; a decoder stops there. Default: unlimited. */
  readonly maximumSeconds?: number;
  /** Samples of all channels together; default: 2 GiB of float32. */
  readonly maximumSamples?: number;
  /**
   * Whether to mix compressed sound down to the mean of its channels while decoding, so that only the result is kept,
   * sent and counted. Default: false.
   */
  readonly mixDown?: boolean;
  /** Cancels between two pieces the file's size. */
  readonly abortSignal?: AbortSignal;
  /** Called from time to time while a file is decoded. */
  readonly onProgress?: () => void;
}

export function maximumSamplesOf({ maximumSamples = defaultMaximumSamples }: DecodeLimits): number {
  return maximumSamples;
}

/**
 * Checks the length of a sound, before memory is allocated for it or while it is decoded.
 *
 * @param frames samples per channel
 * @param isAll whether that is all; otherwise more may follow
 * @throws AudioError if the limits are exceeded
 */
export function checkLimits(
  { frames, channels, sampleRate }: { readonly frames: number; readonly channels: number; readonly sampleRate: number },
  name: string,
  limits: DecodeLimits,
  isAll: boolean,
): void {
  const { maximumSeconds = Infinity } = limits;
  const maximumSamples = maximumSamplesOf(limits);
  if (frames > maximumSeconds * sampleRate)
    throw tooLong(name, maximumSeconds, isAll ? frames / sampleRate : undefined);
  if (frames * channels <= maximumSamples) return;
  throw new AudioError({
    asked: `audio of '${name}'`,
    found: isAll
      ? `${frames * channels} samples, over the limit of ${maximumSamples}`
      : `over ${maximumSamples} samples`,
    fix: 'cut it into shorter files',
  });
}

/** The error for a file that is too long. */
function tooLong(name: string, maximumSeconds: number, seconds?: number): AudioError {
  return new AudioError({
    asked: `audio of '${name}' of at most ${maximumSeconds} s`,
    found: seconds === undefined ? 'a longer one' : `${Math.round(seconds)} s`,
    fix: 'cut it into shorter files',
  });
}

/**
 * After how many milliseconds without a sign of life a decoder in a separate process or worker is given up: more than a
 * busy machine could explain, because AAC is decoded in one go.
 *
 * @param bytes the file's size
 */
export function mostSilence(bytes: number): number {
  return 60_000 + (bytes / 2 ** 20) * 10_000;
}

/** The error for a file whose decoder gave no sign of life for this long. */
export function stoodStill(name: string, milliseconds: number): AudioError {
  return new AudioError({
    asked: `audio of '${name}'`,
    found: `a file whose decoder made no progress for ${Math.round(milliseconds / 1000)} s`,
    fix: 'leave it out, or convert it to WAV with a program that you trust',
  });
}
