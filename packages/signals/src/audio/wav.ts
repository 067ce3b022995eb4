import type { DecodedAudio } from './audio.js';
import { readBytes } from './byte-source.js';
import { findWav } from './pcm/find-wav.js';
import { decodeSound } from './pcm/read-sound.js';
import { failing, layoutFixes } from './pcm/sound-layout.js';

/**
 * Decodes a WAV file (RIFF, RIFX, RF64, BW64 or Wave64): PCM of up to 32 bits, float of 32 and 64 bits, mu-law, A-law,
 * IMA and Microsoft ADPCM, plain or WAVE_FORMAT_EXTENSIBLE. Integers are divided by their full scale (int16 / 32768,
 * 8-bit (x - 128) / 128), libsndfile's convention. The data size of a streamed file (unknown to its writer) is taken
 * from the actual number of bytes.
 *
 * @param bytes the whole file
 * @param name its name in errors
 * @throws AudioError for anything else: truncated or empty files, other codecs, impossible rates or channels
 */
export function decodeWav(bytes: Uint8Array, name: string): DecodedAudio {
  const sound = readBytes(findWav(bytes.length, name), bytes);
  if ('encloses' in sound) throw failing('WAV', name)(sound.encloses.toUpperCase(), layoutFixes.convert);
  return decodeSound(bytes, sound);
}
