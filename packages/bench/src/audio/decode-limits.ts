import { AudioError } from '@hearken/core';

/** Samples of all channels together that a file may decode to: 2 GiB of float32. */
const defaultMaximumSamples = 2 ** 29;

/** What is too much of an audio file. */
export interface DecodeLimits {
  /** Longest that it may be; a decoder stops there. Default: any length. */
  readonly maximumSeconds?: number;
  /** Samples of all channels together; default: 2 GiB of float32. */
  readonly maximumSamples?: number;
  /** Stops between two pieces of the file. */
  readonly abortSignal?: AbortSignal;
  /** Called now and then while a file is decoded. */
  readonly onProgress?: () => void;
}

export function maximumSamplesOf({ maximumSamples = defaultMaximumSamples }: DecodeLimits): number {
  return maximumSamples;
}

/** The error for a file that is longer than it may be. */
export function tooLong(name: string, maximumSeconds: number, seconds?: number): AudioError {
  return new AudioError({
    asked: `audio of '${name}' of at most ${maximumSeconds} s`,
    found: seconds === undefined ? 'more than that' : `${Math.round(seconds)} s`,
    fix: 'cut it into shorter files',
  });
}
