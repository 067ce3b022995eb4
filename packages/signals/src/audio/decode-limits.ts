import { AudioError } from '@hearken/core';

/** Samples of all channels together that a file may decode to: 2 GiB of float32. */
const defaultMaximumSamples = 2 ** 29;

/** What is too much of an audio file. */
export interface DecodeLimits {
  /** Longest that it may be; a decoder stops there. Default: any length. */
  readonly maximumSeconds?: number;
  /** Samples of all channels together; default: 2 GiB of float32. */
  readonly maximumSamples?: number;
  /**
   * Has compressed sound mixed down to the mean of its channels while it is decoded, so that no more than that is held, sent
   * and counted. Default: false.
   */
  readonly mixDown?: boolean;
  /** Stops between two pieces of the file. */
  readonly abortSignal?: AbortSignal;
  /** Called now and then while a file is decoded. */
  readonly onProgress?: () => void;
}

export function maximumSamplesOf({ maximumSamples = defaultMaximumSamples }: DecodeLimits): number {
  return maximumSamples;
}

/**
 * Checks how long a sound is: before memory is taken for it, or while it is decoded.
 *
 * @param frames samples of each channel
 * @param isAll whether those are all; else more may follow
 * @throws AudioError for more than the limits
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

/** The error for a file that is longer than it may be. */
function tooLong(name: string, maximumSeconds: number, seconds?: number): AudioError {
  return new AudioError({
    asked: `audio of '${name}' of at most ${maximumSeconds} s`,
    found: seconds === undefined ? 'more than that' : `${Math.round(seconds)} s`,
    fix: 'cut it into shorter files',
  });
}

/**
 * Milliseconds without a sign of life after which a decoder in a process or worker of its own is given up: beyond what a busy
 * machine explains, as AAC is decoded in one go.
 *
 * @param bytes of the file
 */
export function mostSilence(bytes: number): number {
  return 60_000 + (bytes / 2 ** 20) * 10_000;
}

/** The error for a file on which a decoder gave no sign of life for so many milliseconds. */
export function stoodStill(name: string, milliseconds: number): AudioError {
  return new AudioError({
    asked: `audio of '${name}'`,
    found: `a file on which its decoder stood still for ${Math.round(milliseconds / 1000)} s`,
    fix: 'leave it out, or convert it to WAV with a program that you trust',
  });
}
