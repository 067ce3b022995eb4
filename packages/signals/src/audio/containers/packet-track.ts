import type { PcmFormat } from '../pcm/pcm-coding.js';

/** Codecs of packets that a container may hold. */
export type PacketCodec = 'aac' | 'alac' | 'flac' | 'mp3' | 'opus' | 'vorbis' | 'pcm';

/** The sound track of a container: coded packets, and what the container says of them. */
export interface PacketTrack {
  readonly codec: PacketCodec;
  /** What the codec needs to know, in its own form; see `openTrack`. */
  readonly config: Uint8Array;
  /** Hz, as the container says it. */
  readonly sampleRate: number;
  readonly channels: number;
  /** In the order of time. */
  readonly packets: Iterable<Packet>;
  /** How many there are. */
  readonly packetCount: number;
  /** How PCM is written. */
  readonly pcm?: PcmFormat;
  /** What to leave out at the start; undefined where the container does not say it. */
  readonly skip?: TrackTime;
  /** How long the sound is after that; undefined where the container does not say it. */
  readonly length?: TrackTime;
  /** What to leave out at the end. */
  readonly discard?: TrackTime;
  /** Compares what was decoded, before anything is left out, with what the container declares. */
  readonly check?: (samples: number, sampleRate: number) => void;
}

/** One coded packet. */
export interface Packet {
  readonly bytes: Uint8Array;
  /** Seconds after the first packet, where the container says it. */
  readonly time?: number;
}

/** A time as a fraction: `value / timescale` seconds. */
export interface TrackTime {
  readonly value: number;
  readonly timescale: number;
}

/** Whole samples at a rate. */
export function samplesOf({ value, timescale }: TrackTime, sampleRate: number): number {
  return Math.round((value * sampleRate) / timescale);
}
