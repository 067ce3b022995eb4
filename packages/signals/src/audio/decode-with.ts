import { AudioError } from '@hearken/core';
import type { DecodedAudio } from './audio.js';
import { detectContent } from './detect-content.js';
import { readBytes } from './byte-source.js';
import type { CompressedFormat } from './compressed.js';
import { checkLimits, type DecodeLimits } from './decode-limits.js';
import { readableFormats, type Content, type ReadableContent } from './format.js';
import { soundFinder, type PcmContainer } from './pcm/find-sound.js';
import { decodeSound } from './pcm/read-sound.js';

/** Decodes compressed sound: on Node.js in a separate process, in a page in the page's worker if there is one. */
export type CompressedDecoder = (
  bytes: Uint8Array,
  format: CompressedFormat,
  name: string,
  limits: DecodeLimits,
) => Promise<DecodedAudio>;

/**
 * Decodes an audio file of any supported format, recognised by its content. Uncompressed formats are read here.
 *
 * @param decoder decodes compressed sound
 * @param bytes the whole file
 * @param name its name in errors
 * @throws AudioError if the content is unknown, damaged, truncated or empty, or exceeds the limits when decoded
 */
export async function decodeAudioWith(
  decoder: CompressedDecoder,
  bytes: Uint8Array,
  name: string,
  limits: DecodeLimits = {},
): Promise<DecodedAudio> {
  const { format, offset } = readableContent(detectContent(bytes), bytes.length, name);
  // A decoder does not get leading tags and padding.
  const content = bytes.subarray(offset);
  const find = soundFinder(format);
  if (find !== undefined) {
    const sound = readBytes(find(content.length, name), content);
    if ('encloses' in sound) {
      const enclosed = content.subarray(sound.start, sound.start + sound.bytes);
      return decoder(enclosed, sound.encloses, name, limits);
    }
    checkLimits(sound, name, limits, true);
    return decodeSound(content, sound);
  }
  return decoder(content, format as Exclude<typeof format, PcmContainer>, name, limits);
}

/**
 * The content of a supported file.
 *
 * @throws AudioError for anything else, saying what it is and what to do
 */
export function readableContent(content: Content | undefined, size: number, name: string): ReadableContent {
  if (content?.format !== undefined) return content;
  const found = size === 0 ? 'an empty file' : (content?.words ?? 'an unknown audio format');
  const fix = content?.fix ?? `pass one of ${readableFormats}`;
  throw new AudioError({ asked: `audio of '${name}'`, found, fix });
}
