import type { DecodedAudio } from './audio.js';
import { decodeAac } from './codecs/aac.node.js';
import { decodeCompressed } from './compressed.js';
import type { DecodeLimits } from './decode-limits.js';
import { decodeAudioWith, type CompressedDecoder } from './decode-with.js';
import { DecodePool } from './pool/decode-pool.node.js';

const pool = new DecodePool();

/** In a process of its own, which can be ended; in this one where there is no program for that. */
const decode: CompressedDecoder = (bytes, format, name, limits) =>
  pool.isThere ? pool.decode(bytes, format, name, limits) : decodeCompressed(bytes, format, name, limits, decodeAac);

/**
 * Decodes an audio file of any readable format, told apart by its content, on Node.js. Compressed sound is decoded in
 * processes that are kept for it: a file that hangs or crashes its decoder, or takes too much memory, is an error.
 *
 * @param bytes the whole file
 * @param name what errors call it
 * @throws AudioError when the content is unknown, damaged, truncated, empty, or unpacks to more than the limits
 */
export function decodeAudio(bytes: Uint8Array, name: string, limits?: DecodeLimits): Promise<DecodedAudio> {
  return decodeAudioWith(decode, bytes, name, limits);
}
