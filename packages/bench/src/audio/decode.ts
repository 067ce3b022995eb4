import type { DecodedAudio } from './audio.js';
import { decodeAudioWith, type DecodeLimits, type PartDecoder } from './decode-with.js';

/** All decoders of `audio-decode`, which load when the first file of their format comes. */
const decodeParts: PartDecoder = async function* (pieces, format) {
  const { default: decode } = await import('audio-decode');
  // It tells FLAC in Ogg from native FLAC itself.
  yield* decode(pieces, format === 'oggflac' ? 'flac' : format);
};

/**
 * Decodes an audio file of any readable format, told apart by its content, on Node.js.
 * WAV is read by Hearken; the other decoders (`audio-decode`, WebAssembly) load when the first such file comes.
 *
 * @param bytes the whole file
 * @param name what errors call it
 * @throws AudioError when the content is unknown, damaged, truncated, empty, or unpacks to more than the limits
 */
export function decodeAudio(bytes: Uint8Array, name: string, limits?: DecodeLimits): Promise<DecodedAudio> {
  return decodeAudioWith(decodeParts, bytes, name, limits);
}
