import { StreamFault } from '../stream-fault.js';
import { longestFreeFrame, parseMpegHeader, type MpegHeader } from './mpeg-header.js';
import { parseMpegInfo, type MpegInfo } from './mpeg-info.js';
import { trailerKind } from './tags.js';

/** One frame of MPEG audio. */
export interface MpegFrame {
  readonly header: MpegHeader;
  readonly start: number;
  readonly end: number;
}

/** The frames of an MP3 (or of layer I or II). */
export interface MpegStream {
  /** Audio frames, at least one. */
  readonly frames: readonly MpegFrame[];
  readonly info?: MpegInfo;
}

/** How far after its expected position to look for the first frame: padding and remains of removed tags. */
const searchedBytes = 2 ** 16;
/** This many consecutive frames are a stream, not bytes that look like a frame by chance. */
const rowOfFrames = 4;

/**
 * Walks from frame to frame. Nothing may be between them, all must have the same rate and channels, and their number
 * must be the declared one.
 *
 * @throws StreamFault for a stream that is damaged or truncated, or changes
 */
export function readMpegFrames(bytes: Uint8Array): MpegStream {
  const first = findFirstFrame(bytes);
  if (first === undefined) throw new StreamFault('no MPEG audio frame');
  const { start, freeBytes } = first;
  const frames: MpegFrame[] = [];
  let info: MpegInfo | undefined;
  let at = start;
  let expected: MpegHeader | undefined;
  while (at < bytes.length) {
    const header = parseMpegHeader(bytes, at);
    if (header === undefined) {
      checkEnd(bytes, at, frames.length, info);
      break;
    }
    expected ??= header;
    if (!isSame(header, expected)) {
      // Anything may follow the declared number of frames.
      if (info?.frames !== undefined && frames.length >= info.frames) break;
      throw changed(expected, header, frames.length);
    }
    const end = at + (header.bitrate === 0 ? freeBytes + header.padding : header.bytes);
    if (end > bytes.length) {
      if (info?.frames !== undefined && frames.length >= info.frames) break;
      throw new StreamFault(`an MP3 that ends inside frame ${frames.length}`);
    }
    const found = parseMpegInfo(bytes.subarray(at, end), header);
    if (found === undefined) frames.push({ header, start: at, end });
    else if (frames.length === 0 && info === undefined) info = found;
    else
      throw new StreamFault(
        `several MP3s one after another, the second from frame ${frames.length}`,
        'split the file into its parts',
      );
    at = end;
  }
  if (frames.length === 0) throw new StreamFault('an MP3 without audio frames');
  checkCount(frames, info, start);
  return info === undefined ? { frames } : { frames, info };
}

/** Where MPEG audio begins: the first frame that is followed by enough others. */
function findFirstFrame(bytes: Uint8Array): { start: number; freeBytes: number } | undefined {
  const last = Math.min(bytes.length - 4, searchedBytes);
  for (let at = 0; at <= last; at += 1) {
    if (bytes[at] !== 0xff) continue;
    const header = parseMpegHeader(bytes, at);
    if (header === undefined) continue;
    for (const freeBytes of header.bitrate === 0 ? freeSizes(bytes, at, header) : [0]) {
      if (hasRow(bytes, at, header, freeBytes)) return { start: at, freeBytes };
    }
  }
  return undefined;
}

/** Possible sizes of free-format frames: the distances to headers like the first one. */
function* freeSizes(bytes: Uint8Array, start: number, header: MpegHeader): Generator<number> {
  const end = Math.min(bytes.length - 4, start + longestFreeFrame);
  for (let at = start + 24; at <= end; at += 1) {
    const next = bytes[at] === 0xff ? parseMpegHeader(bytes, at) : undefined;
    if (next !== undefined && isSame(next, header)) yield at - start - header.padding;
  }
}

function hasRow(bytes: Uint8Array, start: number, first: MpegHeader, freeBytes: number): boolean {
  let at = start;
  for (let count = 0; count < rowOfFrames; count += 1) {
    const header = parseMpegHeader(bytes, at);
    // A short file has fewer, if nothing but a tag follows them.
    if (header === undefined || !isSame(header, first))
      return count > 0 && (at === bytes.length || (at < bytes.length && trailerKind(bytes, at) !== undefined));
    at += header.bitrate === 0 ? freeBytes + header.padding : header.bytes;
  }
  return true;
}

function isSame(a: MpegHeader, b: MpegHeader): boolean {
  return (
    a.version === b.version &&
    a.layer === b.layer &&
    a.sampleRate === b.sampleRate &&
    a.channels === b.channels &&
    (a.bitrate === 0) === (b.bitrate === 0)
  );
}

function changed(first: MpegHeader, header: MpegHeader, index: number): StreamFault {
  const words = ({ version, layer, sampleRate, channels }: MpegHeader) =>
    `${sampleRate} Hz and ${channels} channel${channels === 1 ? '' : 's'} (MPEG ${version} layer ${layer})`;
  return new StreamFault(
    `a sample rate or channel count that changes midway: ${words(first)} up to frame ${index}, ${words(header)} from there`,
    'split it where it changes, or convert it to WAV',
  );
}

/** After the last frame there may be a tag or padding, or anything if all declared frames are there. */
function checkEnd(bytes: Uint8Array, at: number, frames: number, info: MpegInfo | undefined): void {
  if (info?.frames !== undefined && frames >= info.frames) return;
  if (trailerKind(bytes, at) !== undefined) return;
  throw new StreamFault(`bytes after frame ${frames - 1} of an MP3 that are not a frame, at ${at} of ${bytes.length}`);
}

function checkCount(frames: readonly MpegFrame[], info: MpegInfo | undefined, start: number): void {
  if (info?.frames === undefined) return;
  const bytes = frames[frames.length - 1].end - start;
  // Some encoders also count the information frame.
  const all = frames.length === info.frames || (frames.length + 1 === info.frames && (info.bytes ?? bytes) <= bytes);
  if (!all) throw new StreamFault(`${frames.length} of ${info.frames} frames`);
}
