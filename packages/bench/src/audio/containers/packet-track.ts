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
  readonly pcm?: PcmLayout;
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

/** How samples of PCM are written. */
export interface PcmLayout {
  readonly bits: number;
  readonly coding: 'signed' | 'unsigned' | 'float' | 'mu-law' | 'a-law';
  readonly littleEndian: boolean;
}

/** Whole samples at a rate. */
export function samplesOf({ value, timescale }: TrackTime, sampleRate: number): number {
  return Math.round((value * sampleRate) / timescale);
}
