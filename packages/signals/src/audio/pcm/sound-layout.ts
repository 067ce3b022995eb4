import { AudioError } from '@hearken/core';

const maximumChannels = 256;
const maximumSampleRate = 1_000_000;
/**
 * Maximum number of chunks before the samples: recorders write a handful, and following any number could take any
 * amount of time.
 */
const maximumChunks = 1024;

/**
 * How bytes become samples. Bytes come in blocks, each with samples of all channels; decoding a block needs at most the
 * previous ones. A block is one sample per channel for PCM and G.711, a packet for ADPCM.
 */
export interface Coding {
  /** Its name in messages, such as `16-bit integers` or `mu-law`. */
  readonly name: string;
  /** Size of a block in bytes. */
  readonly blockBytes: number;
  /** Samples per channel in a block. */
  readonly blockFrames: number;
  /** Samples per channel in a last block that was truncated to this many bytes; default: none. */
  readonly partialFrames?: (bytes: number) => number;
  /** Starts decoding at the first block. */
  decoder(): BlockDecoder;
}

/**
 * Decodes blocks in order.
 *
 * @param bytes begin with a block
 * @param frames samples per channel to decode; whole blocks, unless these are the last
 * @param targets one array per channel
 * @param at where in the targets the first sample goes
 */
export type BlockDecoder = (bytes: Uint8Array, frames: number, targets: readonly Float32Array[], at: number) => void;

/** Where a file's samples are, and how they are stored. */
export interface SoundLayout {
  /** The container's name, such as `WAV`. */
  readonly container: string;
  readonly coding: Coding;
  readonly channels: number;
  /** In Hz. */
  readonly sampleRate: number;
  /** Samples per channel. */
  readonly frames: number;
  /** The first byte of the first block. */
  readonly start: number;
  /** Size of all blocks in bytes. */
  readonly bytes: number;
}

/** Audio in another format inside a container, which is left to that format's decoder. */
export interface Enclosed {
  readonly encloses: 'mp3';
  readonly start: number;
  readonly bytes: number;
}

/** Makes an error for a file of one container. */
export type Fail = (found: string, fix: string) => AudioError;

/** Errors that name the container and the file. */
export function failing(container: string, name: string): Fail {
  return (found, fix) => new AudioError({ asked: `${container} audio of '${name}'`, found, fix });
}

const truncated = 'the file is truncated: copy or download it again';
const rewrite = 'write the file again';
const convert = "convert it to PCM: 'ffmpeg -i FILE -c:a pcm_s16le sound.wav' does it";

/** The three fixes that most errors here use. */
export const layoutFixes = { truncated, rewrite, convert } as const;

/**
 * Counts chunks.
 *
 * @throws AudioError from the 1025th on
 */
export function chunkCounter(fail: Fail): () => void {
  let chunks = 0;
  return () => {
    chunks += 1;
    if (chunks > maximumChunks) throw fail(`over ${maximumChunks} chunks`, rewrite);
  };
}

/**
 * Checks the channels and sample rate in a header.
 *
 * @throws AudioError for absurd ones
 */
export function checkShape({ channels, sampleRate }: { channels: number; sampleRate: number }, fail: Fail): void {
  if (!Number.isInteger(channels) || channels < 1 || channels > maximumChannels) {
    throw fail(`${channels} channels`, `pass a file with 1 to ${maximumChannels} channels`);
  }
  if (!(sampleRate >= 1 && sampleRate <= maximumSampleRate)) {
    throw fail(`a sample rate of ${sampleRate} Hz`, `pass a file with 1 to ${maximumSampleRate} Hz`);
  }
}

/** The declared size of the samples, and the actual one. */
export interface DataSize {
  /** In bytes, according to the container; undefined if its writer left it open. */
  readonly declared: number | undefined;
  /** Number of bytes to the end of the file. */
  readonly available: number;
  /** Samples per channel, if the container gives that as well. */
  readonly declaredFrames?: number;
}

/**
 * The layout of a file from its parsed header.
 *
 * @throws AudioError if there are no samples, or fewer than declared
 */
export function layOut(
  parts: Omit<SoundLayout, 'frames' | 'bytes'>,
  { declared, available, declaredFrames }: DataSize,
  fail: Fail,
): SoundLayout {
  checkShape(parts, fail);
  if (declared !== undefined && declared > available) {
    throw fail(`${Math.max(0, available)} of ${declared} bytes of sample data`, truncated);
  }
  const { blockBytes, blockFrames, partialFrames } = parts.coding;
  const bytes = declared ?? available;
  const whole = Math.floor(bytes / blockBytes);
  const rest = bytes - whole * blockBytes;
  const found = whole * blockFrames + (rest > 0 ? (partialFrames?.(rest) ?? 0) : 0);
  if (declaredFrames !== undefined && declaredFrames > found) {
    throw fail(`${found} of ${declaredFrames} samples`, truncated);
  }
  const frames = declaredFrames ?? found;
  if (frames <= 0) throw fail('no samples', 'leave this file out, or record it again');
  return { ...parts, frames, bytes };
}

/**
 * Whether a 32-bit size is a placeholder of a writer that could not seek back to complete its header: all ones, or
 * about 2^31 or 0x7f000000, minus the header.
 */
export function isOpenSize(size: number): boolean {
  return [0xffff_ffff, 0x8000_0000, 0x7fff_f000, 0x7f00_0000].some((mark) => Math.abs(size - mark) <= 0x1000);
}

/** Four letters, or any number of them. */
export function letters(bytes: Uint8Array, at: number, length = 4): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

/** A view of bytes at any position in their buffer. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
