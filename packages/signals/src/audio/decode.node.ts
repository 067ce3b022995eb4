import type { DecodedAudio } from './audio.js';
import { decodeAac } from './codecs/aac.node.js';
import { decodeCompressed } from './compressed.js';
import type { DecodeLimits } from './decode-limits.js';
import { decodeAudioWith, type CompressedDecoder } from './decode-with.js';
import { DecodePool } from './pool/decode-pool.node.js';

const pool = new DecodePool();

/** In a separate process, which can be killed; in this one if its program is missing. */
const decode: CompressedDecoder = (bytes, format, name, limits) =>
  pool.isThere ? pool.decode(bytes, format, name, limits) : decodeCompressed(bytes, format, name, limits, decodeAac);

/**
 * Decodes an audio file of any supported format, recognised by its content, on Node.js. Compressed audio is decoded in
 * a pool of processes: a file that makes its decoder hang, crash or take too much memory is an error.
 *
 * @param bytes the whole file
 * @param name the file's name in errors
 * @throws AudioError if the content is unknown, damaged, truncated or empty, or exceeds the limits when decoded
 */
export function decodeAudio(bytes: Uint8Array, name: string, limits?: DecodeLimits): Promise<DecodedAudio> {
  return decodeAudioWith(decode, bytes, name, limits);
}
