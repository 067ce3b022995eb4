import { StreamFault, convert } from '../stream-fault.js';
import { aacChannels, aacRates, readAdts, toAdts, type AacConfig, type AdtsStream } from '../containers/adts.js';
import { BitReader } from './bit-reader.js';
import type { SoundStream } from '../sound-stream.js';

/** Samples of a frame of AAC-LC. */
export const aacFrameSamples = 1024;

/**
 * Decodes AAC with the platform's decoder, as far as it can: 1024 samples per frame and channel, none cut off, at the
 * rate of the stream. Hearken has no AAC decoder, and the only ones without the GPL are built into platforms or native
 * packages.
 */
export type AacDecoder = (stream: AdtsStream) => Promise<Float32Array[]>;

/** AAC outside MP4. */
export async function adtsSound(bytes: Uint8Array, decode: AacDecoder): Promise<SoundStream> {
  return decodeChecked(readAdts(bytes), decode);
}

/** AAC in MP4 or Matroska. */
export async function aacPackets(
  packets: readonly Uint8Array[],
  config: Uint8Array,
  decode: AacDecoder,
): Promise<SoundStream> {
  const parsed = parseAacConfig(config);
  return decodeChecked(
    {
      bytes: toAdts(packets, parsed),
      frames: packets.length,
      sampleRate: aacRates[parsed.rateIndex],
      channels: aacChannels[parsed.channelConfiguration],
    },
    decode,
  );
}

async function decodeChecked(stream: AdtsStream, decode: AacDecoder): Promise<SoundStream> {
  const channels = await decode(stream);
  const samples = stream.frames * aacFrameSamples;
  const wrong = channels.find((channel) => channel.length !== samples);
  if (channels.length !== stream.channels || wrong !== undefined) {
    const found = `${channels.length} x ${wrong?.length ?? samples}`;
    throw new StreamFault(
      `${found} samples instead of ${stream.channels} x ${samples} for ${stream.frames} frames`,
      convert,
    );
  }
  return { sampleRate: stream.sampleRate, channels: stream.channels, parts: [channels] };
}

const objectTypes: Readonly<Record<number, string>> = {
  1: 'AAC Main',
  3: 'AAC SSR',
  4: 'AAC LTP',
  5: 'HE-AAC (with SBR)',
  23: 'AAC-LD',
  29: 'HE-AAC v2 (with parametric stereo)',
  34: 'MP3',
  36: 'MPEG-4 ALS',
  39: 'AAC-ELD',
  42: 'USAC (xHE-AAC)',
};

/**
 * @throws StreamFault for anything but AAC-LC: decoders would mistake the other kinds for it and output only half of
 *   the sound
 */
export function parseAacConfig(config: Uint8Array): AacConfig {
  const reader = new BitReader(config);
  const typeOf = () => {
    const type = reader.bits(5);
    return type === 31 ? 32 + reader.bits(6) : type;
  };
  const objectType = typeOf();
  const rateIndex = reader.bits(4);
  if (rateIndex === 15) reader.bits(24);
  const channelConfiguration = reader.bits(4);
  reader.check();
  if (objectType !== 2) {
    throw new StreamFault(
      objectType in objectTypes ? objectTypes[objectType] : `AAC of object type ${objectType}`,
      convert,
    );
  }
  if (rateIndex >= aacRates.length) throw new StreamFault('AAC of an unusual sample rate', convert);
  if (channelConfiguration < 1 || channelConfiguration > 7) {
    throw new StreamFault('AAC whose channels are described inside its frames', convert);
  }
  const shortFrames = reader.bits(1) === 1;
  if (shortFrames) throw new StreamFault('AAC with frames of 960 samples', convert);
  // An extension at the end: SBR, which doubles the rate.
  if (reader.bits(1) === 1) reader.bits(14);
  reader.bits(1);
  if (reader.left >= 17 && reader.bits(11) === 0x2b7 && reader.bits(5) === 5 && reader.bits(1) === 1) {
    throw new StreamFault(objectTypes[5], convert);
  }
  return { objectType, rateIndex, channelConfiguration };
}
