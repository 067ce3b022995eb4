import type { DecodedAudio } from '../audio.js';
import type { ByteSource } from '../byte-source.js';
import { failing, layoutFixes, type SoundLayout } from './sound-layout.js';

/** Number of bytes that are read at a time. */
const pieceBytes = 2 ** 22;

/** All samples of a file in memory. */
export function decodeSound(bytes: Uint8Array, layout: SoundLayout): DecodedAudio {
  const { coding, channels: count, sampleRate, frames, start } = layout;
  const channels = Array.from({ length: count }, () => new Float32Array(frames));
  coding.decoder()(bytes.subarray(start, start + layout.bytes), frames, channels, 0);
  return { channels, sampleRate };
}

/**
 * The samples of a file that is read in pieces, a few megabytes at a time: each piece has one array per channel, in the
 * file's order.
 *
 * @param name the file's name in errors
 * @param pieceFrames approximate number of samples per channel in a piece; default: 4 MiB of the file
 * @throws AudioError if the file ends before its samples
 */
export async function* readSoundPieces(
  source: ByteSource,
  layout: SoundLayout,
  name: string,
  pieceFrames = Infinity,
): AsyncGenerator<Float32Array[]> {
  const { coding, channels, frames, start } = layout;
  const { blockBytes, blockFrames } = coding;
  const decode = coding.decoder();
  const blocks = Math.max(1, Math.floor(Math.min(pieceBytes / blockBytes, pieceFrames / blockFrames)));
  for (let first = 0, block = 0; first < frames; first += blocks * blockFrames, block += blocks) {
    const count = Math.min(blocks * blockFrames, frames - first);
    const length = Math.min(blocks * blockBytes, layout.bytes - block * blockBytes);
    const bytes = await source.read(start + block * blockBytes, length);
    if (bytes.length < length) {
      throw failing(layout.container, name)(
        'a file that became shorter while it was being read',
        layoutFixes.truncated,
      );
    }
    const piece = Array.from({ length: channels }, () => new Float32Array(count));
    decode(bytes, count, piece, 0);
    yield piece;
  }
}
