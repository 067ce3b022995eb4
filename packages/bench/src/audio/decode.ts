import type { DecodedAudio } from './audio.js';
import { decodeAac } from './codecs/aac.node.js';
import { decodeCompressed } from './compressed.js';
import type { DecodeLimits } from './decode-limits.js';
import { decodeAudioWith } from './decode-with.js';

/**
 * Decodes an audio file of any readable format, told apart by its content, on Node.js.
 *
 * @param bytes the whole file
 * @param name what errors call it
 * @throws AudioError when the content is unknown, damaged, truncated, empty, or unpacks to more than the limits
 */
export function decodeAudio(bytes: Uint8Array, name: string, limits?: DecodeLimits): Promise<DecodedAudio> {
  return decodeAudioWith(
    (content, format, file, bounds) => decodeCompressed(content, format, file, bounds, decodeAac),
    bytes,
    name,
    limits,
  );
}
