import type { PcmFormat } from '../pcm/pcm-coding.js';

/** Codecs of packets in containers. */
export type PacketCodec = 'aac' | 'alac' | 'flac' | 'mp3' | 'opus' | 'vorbis' | 'pcm';

/** The audio track of a container: coded packets, and the container's description of them. */
export interface PacketTrack {
  readonly codec: PacketCodec;
  /** The codec's configuration in its own format; see `openTrack`. */
  readonly config: Uint8Array;
  /** Sample rate in Hz, according to the container. */
  readonly sampleRate: number;
  readonly channels: number;
  /** In order of time. */
  readonly packets: Iterable<Packet>;
  /** Number of packets. */
  readonly packetCount: number;
  /** Format of PCM samples. */
  readonly pcm?: PcmFormat;
  /** What to skip at the start; undefined if the container does not say. */
  readonly skip?: TrackTime;
  /** Duration of the audio after that; undefined if the container does not say. */
  readonly length?: TrackTime;
  /** What to cut off at the end. */
  readonly discard?: TrackTime;
  /** Compares what was decoded, before anything is cut off, with what the container declares. */
  readonly check?: (samples: number, sampleRate: number) => void;
}

/** One coded packet. */
export interface Packet {
  readonly bytes: Uint8Array;
  /** Seconds after the first packet, if the container says so. */
  readonly time?: number;
}

/** A time as a fraction: `value / timescale` seconds. */
export interface TrackTime {
  readonly value: number;
  readonly timescale: number;
}

/** Whole samples at a sample rate. */
export function samplesOf({ value, timescale }: TrackTime, sampleRate: number): number {
  return Math.round((value * sampleRate) / timescale);
}
