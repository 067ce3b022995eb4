import { StreamFault } from '../stream-fault.js';
import { toWaveOrder } from './channel-order.js';

/** The header of an Opus stream (RFC 7845, section 5.1). */
export interface OpusHead {
  readonly channels: number;
  /** Number of samples at 48 kHz before the audio. */
  readonly preSkip: number;
  /** Factor for the samples. */
  readonly gain: number;
  readonly streams: number;
  readonly coupled: number;
  /** The decoded channel for each output channel. */
  readonly mapping: number[];
  /** 0 and 1: channels have positions; otherwise they have none. */
  readonly family: number;
}

/** Opus always decodes to this rate; the rate in its header is that of the original. */
export const opusRate = 48000;
/** The longest packet is 120 ms (RFC 6716, section 3.2.5). */
export const longestOpusPacket = 5760;

/** @param head `OpusHead`, or the MP4 box with the same fields in big-endian order */
export function parseOpusHead(head: Uint8Array, littleEndian = true): OpusHead {
  const at = littleEndian ? 8 : 0;
  if (head.length < at + 11) throw new StreamFault('a truncated Opus header');
  const view = new DataView(head.buffer, head.byteOffset + at, head.length - at);
  if (littleEndian ? view.getUint8(0) > 15 : view.getUint8(0) !== 0) {
    throw new StreamFault(`an Opus header of version ${view.getUint8(0)}`);
  }
  const channels = view.getUint8(1);
  const family = view.getUint8(10);
  const base = {
    channels,
    preSkip: view.getUint16(2, littleEndian),
    gain: 10 ** (view.getInt16(8, littleEndian) / 256 / 20),
    family,
  };
  if (family === 0) {
    if (channels < 1 || channels > 2) throw new StreamFault(`an Opus header with ${channels} channels`);
    return { ...base, streams: 1, coupled: channels - 1, mapping: channels === 1 ? [0] : [0, 1] };
  }
  if (family !== 1 && family !== 255)
    throw new StreamFault(`Opus of channel mapping family ${family}`, 'convert it to WAV or FLAC');
  if (channels < 1 || (family === 1 && channels > 8) || view.byteLength < 13 + channels) {
    throw new StreamFault(`an Opus header with ${channels} channels`);
  }
  const streams = view.getUint8(11);
  const coupled = view.getUint8(12);
  const mapping = Array.from({ length: channels }, (_, index) => view.getUint8(13 + index));
  const wrong = streams < 1 || coupled > streams || streams + coupled > 255;
  if (wrong || mapping.some((place) => place !== 255 && place >= streams + coupled)) {
    throw new StreamFault('an Opus header whose channels do not match its streams');
  }
  return { ...base, streams, coupled, mapping };
}

/** Decodes the packets of one stream in order. */
export interface OpusPackets {
  /** Samples of each channel at 48 kHz, with the stream's gain, in WAV's order of channels. */
  decode(packet: Uint8Array): Float32Array[];
  free(): void;
}

/** Loads libopus, compiled to WebAssembly, for one stream. */
export async function createOpus(head: OpusHead): Promise<OpusPackets> {
  const { OpusDecoder } = await import('opus-decoder');
  const { channels, streams, coupled, mapping, gain, family } = head;
  const decoder = new OpusDecoder({
    sampleRate: opusRate,
    channels,
    streamCount: streams,
    coupledStreamCount: coupled,
    channelMappingTable: mapping,
    preSkip: 0,
  });
  await decoder.ready;
  let index = 0;
  return {
    decode(packet) {
      const samples = opusPacketSamples(packet);
      // Longer packets overrun the decoder's buffer.
      if (samples === 0 || packet.length > largestPacket(channels))
        throw new StreamFault(`a damaged packet ${index} of Opus`);
      const { channelData, samplesDecoded, errors } = decoder.decodeFrame(packet);
      if (errors.length > 0 || samplesDecoded !== samples) throw new StreamFault(`a damaged packet ${index} of Opus`);
      index += 1;
      const kept = channelData.map((channel) => channel.subarray(0, samplesDecoded));
      if (gain !== 1) {
        for (const channel of kept) for (let at = 0; at < channel.length; at += 1) channel[at] *= gain;
      }
      return family === 1 ? toWaveOrder(kept) : kept;
    },
    free: () => {
      decoder.free();
    },
  };
}

/** The decoder's input buffer: 120 ms at 256 kbit/s per channel. */
function largestPacket(channels: number): number {
  return 32000 * 0.12 * channels;
}

/** Number of samples at 48 kHz that a packet declares (RFC 6716, section 3.1); 0 if invalid. */
export function opusPacketSamples(packet: Uint8Array): number {
  if (packet.length === 0) return 0;
  const configuration = packet[0] >> 3;
  const frame =
    configuration < 12
      ? [480, 960, 1920, 2880][configuration & 3]
      : configuration < 16
        ? [480, 960][configuration & 1]
        : [120, 240, 480, 960][configuration & 3];
  const code = packet[0] & 3;
  if (code === 3 && packet.length < 2) return 0;
  const frames = code === 0 ? 1 : code === 3 ? packet[1] & 63 : 2;
  const samples = frames * frame;
  return samples <= longestOpusPacket ? samples : 0;
}
