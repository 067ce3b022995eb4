import { StreamFault, convert } from '../stream-fault.js';
import { trimParts, type SoundStream } from '../sound-stream.js';
import { aacPackets, type AacDecoder } from '../codecs/aac.js';
import { flacPackets } from '../codecs/flac.js';
import { parseFlacHead, parseStreamInfo } from '../codecs/flac-header.js';
import { decodeMpegFrames, type MpegPacket } from '../codecs/mpeg.js';
import { createOpus, opusRate, parseOpusHead } from '../codecs/opus.js';
import { pcmParts } from '../codecs/pcm.js';
import { VorbisDecoder } from '../codecs/vorbis.js';
import { parseMpegHeader } from './mpeg-header.js';
import { parseMpegInfo } from './mpeg-info.js';
import { samplesOf, type Packet, type PacketTrack } from './packet-track.js';

/**
 * Timestamps are rounded, recorders' clocks jitter, and Vorbis is late by one block; a missing piece makes a larger
 * difference.
 */
const gapSeconds = 0.25;

/** Samples to cut off at the end are held back until it is reached; codecs are late by some milliseconds. */
const mostDiscardedSeconds = 60;

/** Decoded packets, before anything is cut off. */
interface Decoded extends SoundStream {
  /** Samples to skip at the start if the container does not say. */
  readonly skip?: number;
}

/** Decodes the audio track of a container, and cuts it to the part that is played. */
export async function trackSound(track: PacketTrack, decodeAac: AacDecoder): Promise<SoundStream> {
  if (track.packetCount === 0) throw new StreamFault('an audio track without audio');
  const decoded = await decodePackets(track, decodeAac);
  const { sampleRate, channels } = decoded;
  const at = (time: { value: number; timescale: number } | undefined) =>
    time === undefined ? undefined : samplesOf(time, sampleRate);
  const skip = at(track.skip) ?? decoded.skip ?? 0;
  const length = at(track.length);
  const discard = at(track.discard) ?? 0;
  if (discard > mostDiscardedSeconds * sampleRate) {
    throw new StreamFault(`${Math.round(discard / sampleRate)} s to cut off at the end, over ${mostDiscardedSeconds}`);
  }
  function* parts(): Generator<Float32Array[]> {
    const whole = discard > 0 ? withoutEnd(decoded.parts, discard) : decoded.parts;
    const total = (yield* trimParts(whole, skip, length ?? Infinity)) + discard;
    track.check?.(total, sampleRate);
  }
  return { sampleRate, channels, parts: parts() };
}

async function decodePackets(track: PacketTrack, decodeAac: AacDecoder): Promise<Decoded> {
  const { config, codec, channels, sampleRate } = track;
  switch (codec) {
    case 'aac':
      return aacPackets(
        [...track.packets].map(({ bytes }) => bytes),
        config,
        decodeAac,
      );
    case 'flac': {
      const native = config[0] === 0x66;
      const info = native ? parseFlacHead(config).info : parseStreamInfo(config.subarray(4));
      return flacPackets(bytesOf(track.packets), info);
    }
    case 'mp3':
      return mp3Packets(track);
    case 'opus': {
      // MP4 has the fields of Ogg's header in another byte order.
      const head = parseOpusHead(config, config[0] === 0x4f);
      const decoder = await createOpus(head);
      function* parts(): Generator<Float32Array[]> {
        try {
          yield* timed(track.packets, opusRate, (packet) => decoder.decode(packet));
        } finally {
          decoder.free();
        }
      }
      return { sampleRate: opusRate, channels: head.channels, parts: parts(), skip: head.preSkip };
    }
    case 'vorbis': {
      const [identification, , setup] = lacedHeaders(config);
      const decoder = new VorbisDecoder(identification, setup);
      const parts = timed(track.packets, decoder.sampleRate, (packet) => decoder.decode(packet));
      return { sampleRate: decoder.sampleRate, channels: decoder.channels, parts };
    }
    case 'pcm': {
      const format = track.pcm;
      if (format === undefined || channels < 1) throw new StreamFault('PCM without a description');
      if (!Number.isInteger(sampleRate) || sampleRate < 1) throw new StreamFault(`a sample rate of ${sampleRate} Hz`);
      return { sampleRate, channels, parts: pcmParts(bytesOf(track.packets), channels, format) };
    }
    case 'alac':
      throw new StreamFault('Apple Lossless (ALAC) audio', convert);
  }
}

function* bytesOf(packets: Iterable<Packet>): Generator<Uint8Array> {
  for (const { bytes } of packets) yield bytes;
}

/** Decodes packets, and compares the result with their times. */
function* timed(
  packets: Iterable<Packet>,
  sampleRate: number,
  decode: (packet: Uint8Array) => Float32Array[],
): Generator<Float32Array[]> {
  let total = 0;
  for (const { bytes, time } of packets) {
    const ahead = time === undefined ? 0 : time - total / sampleRate;
    if (ahead > gapSeconds) {
      const after = (total / sampleRate).toFixed(3);
      throw new StreamFault(
        `a packet ${ahead.toFixed(3)} s later than the ${after} s before it: something is missing between them`,
      );
    }
    const part = decode(bytes);
    total += part[0].length;
    if (part[0].length > 0) yield part;
  }
}

function mp3Packets(track: PacketTrack): Decoded {
  const packets: MpegPacket[] = [];
  for (const { bytes } of track.packets) {
    const header = parseMpegHeader(bytes, 0);
    if (header?.bytes !== bytes.length) {
      throw new StreamFault(`a packet ${packets.length} that is not an MP3 frame`);
    }
    // The encoder's information frame has no audio.
    if (packets.length === 0 && parseMpegInfo(bytes, header) !== undefined) continue;
    const first = packets.length > 0 ? packets[0].header : header;
    if (header.sampleRate !== first.sampleRate || header.channels !== first.channels || header.layer !== first.layer) {
      throw new StreamFault('a sample rate or channel count that changes midway', convert);
    }
    packets.push({ header, bytes });
  }
  if (packets.length === 0) throw new StreamFault('an audio track without audio');
  const { sampleRate, channels } = packets[0].header;
  return { sampleRate, channels, parts: decodeMpegFrames(packets) };
}

/** The three headers of Vorbis in one block, as in Matroska (RFC 9559, section 5.1.4; Vorbis in Matroska). */
function lacedHeaders(config: Uint8Array): Uint8Array[] {
  const damaged = () => new StreamFault('Vorbis without its headers');
  if (config[0] !== 2) throw damaged();
  let at = 1;
  const sizes = [0, 1].map(() => {
    let size = 0;
    for (; config[at] === 255; at += 1) size += 255;
    size += config[at] ?? 0;
    at += 1;
    return size;
  });
  if (at + sizes[0] + sizes[1] > config.length) throw damaged();
  const second = at + sizes[0];
  const third = second + sizes[1];
  return [config.subarray(at, second), config.subarray(second, third), config.subarray(third)];
}

/** All but the last samples. */
function* withoutEnd(parts: Iterable<Float32Array[]>, count: number): Generator<Float32Array[]> {
  const held: Float32Array[][] = [];
  let first = 0;
  let samples = 0;
  for (const part of parts) {
    held.push(part);
    samples += part[0].length;
    for (; first < held.length && samples - held[first][0].length >= count; first += 1) {
      samples -= held[first][0].length;
      yield held[first];
    }
    // Not for every part, because all held parts are moved.
    if (first > held.length / 2) {
      held.splice(0, first);
      first = 0;
    }
  }
  for (const part of held.slice(first)) {
    const kept = Math.min(part[0].length, Math.max(0, samples - count));
    samples -= part[0].length;
    if (kept > 0) yield part.map((channel) => channel.subarray(0, kept));
  }
}
