import { StreamFault } from '../stream-fault.js';
import type { SoundStream } from '../sound-stream.js';
import { trailerKind } from '../containers/tags.js';
import { isFlacSync, readFlacFrame, type FlacFrame } from './flac-frame.js';
import { parseFlacHead, type FlacInfo } from './flac-header.js';
import { Md5 } from './md5.js';

/**
 * Decodes a native FLAC stream (RFC 9639) bit-exactly, and checks every checksum, the order and format of the frames,
 * the number of samples and their MD5.
 */
export function flacStream(bytes: Uint8Array): SoundStream {
  const { info, frames } = parseFlacHead(bytes);
  return {
    sampleRate: info.sampleRate,
    channels: info.channels,
    parts: scaled(nativeFrames(bytes, frames, info), info),
  };
}

/** FLAC whose frames are packets of a container. */
export function flacPackets(packets: Iterable<Uint8Array>, info: FlacInfo): SoundStream {
  function* frames(): Generator<FlacFrame> {
    let index = 0;
    for (const packet of packets) {
      const frame = readFlacFrame(packet, 0, packet.length, info, index);
      if (frame.end !== packet.length) throw new StreamFault(`bytes after frame ${index} of FLAC`);
      yield frame;
      index += 1;
    }
  }
  return { sampleRate: info.sampleRate, channels: info.channels, parts: scaled(frames(), info) };
}

/**
 * The integers of a native FLAC stream.
 *
 * @returns its description, and blocks of `[channels][samples]` integers, which are fully checked once the last is read
 */
export function flacIntegers(bytes: Uint8Array): { info: FlacInfo; blocks: Iterable<Float64Array[]> } {
  const { info, frames } = parseFlacHead(bytes);
  return { info, blocks: checked(nativeFrames(bytes, frames, info), info) };
}

function* nativeFrames(bytes: Uint8Array, start: number, info: FlacInfo): Generator<FlacFrame> {
  let at = start;
  let samples = 0;
  for (let index = 0; at < bytes.length; index += 1) {
    // Anything may follow the declared samples, such as a tag.
    if (info.samples > 0 && samples >= info.samples) return;
    if (!isFlacSync(bytes, at) && info.samples === 0 && trailerKind(bytes, at) !== undefined) return;
    const frame = readFlacFrame(bytes, at, bytes.length, info, index);
    samples += frame.channels[0].length;
    at = frame.end;
    yield frame;
  }
}

/** Frames as samples of full scale 1. */
function* scaled(frames: Iterable<FlacFrame>, info: FlacInfo): Generator<Float32Array[]> {
  const scale = 2 ** (1 - info.bits);
  for (const channels of checked(frames, info)) {
    yield channels.map((channel) => {
      const values = new Float32Array(channel.length);
      for (let index = 0; index < values.length; index += 1) values[index] = channel[index] * scale;
      return values;
    });
  }
}

/** Checks the frames against each other and against the stream's description. */
function* checked(frames: Iterable<FlacFrame>, info: FlacInfo): Generator<Float64Array[]> {
  const md5 = info.md5 === undefined ? undefined : new Md5();
  let total = 0;
  let next: number | undefined;
  for (const { channels, number, variable } of frames) {
    const samples = channels[0].length;
    if (next !== undefined && number !== next) {
      throw new StreamFault(`FLAC whose frame ${next} is followed by ${number}: something is missing between`);
    }
    next = variable ? number + samples : number + 1;
    total += samples;
    if (md5 !== undefined) md5.update(interleaved(channels, info.bits));
    yield channels;
  }
  if (info.samples > 0 && total !== info.samples) {
    throw new StreamFault(`${total} of ${info.samples} samples`);
  }
  if (md5 !== undefined && total > 0 && md5.digest() !== info.md5) {
    throw new StreamFault('samples whose MD5 differs from the one in the file');
  }
}

/** The samples as the MD5 sees them: little-endian, of whole bytes, the channels in turn (section 8.2). */
function interleaved(channels: readonly Float64Array[], bits: number): Uint8Array {
  const width = Math.ceil(bits / 8);
  const bytes = new Uint8Array(channels.length * channels[0].length * width);
  let at = 0;
  for (let index = 0; index < channels[0].length; index += 1) {
    for (const channel of channels) {
      const value = channel[index] | 0;
      for (let byte = 0; byte < width; byte += 1) bytes[at + byte] = value >> (8 * byte);
      at += width;
    }
  }
  return bytes;
}
