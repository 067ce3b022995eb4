import { AudioError } from '@hearken/core';
import type { DecodedAudio } from './audio.js';
import { detectContent } from './detect-content.js';
import { readBytes } from './byte-source.js';
import type { CompressedFormat } from './compressed.js';
import { checkLimits, type DecodeLimits } from './decode-limits.js';
import { readableFormats, type Content, type ReadableContent } from './format.js';
import { soundFinder, type PcmContainer } from './pcm/find-sound.js';
import { decodeSound } from './pcm/read-sound.js';

/** Decodes compressed sound; on Node.js in a process of its own, in a page where the page has it done. */
export type CompressedDecoder = (
  bytes: Uint8Array,
  format: CompressedFormat,
  name: string,
  limits: DecodeLimits,
) => Promise<DecodedAudio>;

/**
 * Decodes an audio file of any readable format, told apart by its content. Containers of plain samples are read here.
 *
 * @param decoder decodes compressed sound
 * @param bytes the whole file
 * @param name what errors call it
 * @throws AudioError when the content is unknown, damaged, truncated, empty, or unpacks to more than the limits
 */
export async function decodeAudioWith(
  decoder: CompressedDecoder,
  bytes: Uint8Array,
  name: string,
  limits: DecodeLimits = {},
): Promise<DecodedAudio> {
  const { format, offset } = readableContent(detectContent(bytes), bytes.length, name);
  // Tags and padding in front are no part of what a decoder gets.
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
 * The content of a file that can be read.
 *
 * @throws AudioError that names anything else, and says what to do
 */
export function readableContent(content: Content | undefined, size: number, name: string): ReadableContent {
  if (content?.format !== undefined) return content;
  const found = size === 0 ? 'an empty file' : (content?.words ?? 'content of no known audio format');
  const fix = content?.fix ?? `pass one of ${readableFormats}`;
  throw new AudioError({ asked: `audio of '${name}'`, found, fix });
}
