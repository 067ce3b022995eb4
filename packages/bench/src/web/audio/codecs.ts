import type { DecodedFormat, DecodedPart, PartDecoder } from '../../audio/decode-with.js';

/** A decoder of one file. */
interface Codec {
  decode(piece: Uint8Array): CodecAnswer | Promise<CodecAnswer>;
  /** What is left at the end. */
  flush?(): CodecAnswer | Promise<CodecAnswer>;
  free?(): void;
}

interface CodecAnswer extends DecodedPart {
  /** How many samples of each channel count, where not all do. */
  readonly samplesDecoded?: number;
}

/**
 * The decoders that `audio-decode` consists of, as far as their formats are read. `audio-decode` itself cannot be bundled:
 * it names decoders that are not installed with it, and bundlers look for each of them.
 */
const codecs: Readonly<Record<DecodedFormat, () => Promise<{ decoder(): Codec | Promise<Codec> }>>> = {
  flac: () => import('@audio/decode-flac'),
  oggflac: () => import('@audio/decode-flac'),
  mp3: () => import('@audio/decode-mp3'),
  oga: () => import('@audio/decode-vorbis'),
  opus: () => import('@audio/decode-opus'),
  m4a: () => import('@audio/decode-mp4'),
  aac: () => import('@audio/decode-aac'),
  webm: () => import('@audio/decode-webm'),
};

/** Decodes a file with the decoder of its format, which loads when the first such file comes. */
export const decodeParts: PartDecoder = async function* (pieces, format) {
  const codec = await (await codecs[format]()).decoder();
  try {
    for await (const piece of pieces) yield* partOf(await codec.decode(piece));
    if (codec.flush !== undefined) yield* partOf(await codec.flush());
  } finally {
    codec.free?.();
  }
};

/** The part in an answer, or none where nothing is decoded yet. */
function partOf({ channelData, sampleRate, samplesDecoded = Infinity }: CodecAnswer): DecodedPart[] {
  const channels = channelData.map((channel) => channel.subarray(0, Math.min(channel.length, samplesDecoded)));
  return channels.length > 0 && channels[0].length > 0 ? [{ channelData: channels, sampleRate }] : [];
}
