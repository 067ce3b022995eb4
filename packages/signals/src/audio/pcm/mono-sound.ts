import { mixToMono } from '../audio.js';
import type { ByteSource } from '../byte-source.js';
import { checkFinite } from '../check-finite.js';
import { readSoundPieces } from './read-sound.js';
import type { SoundLayout } from './sound-layout.js';

/**
 * The channels of a file that is read in pieces, a few megabytes at a time.
 *
 * @param name the file's name in errors
 * @throws AudioError if the file ends before its samples, or contains NaN or infinity; the abort signal's reason
 */
export async function* finitePieces(
  source: ByteSource,
  layout: SoundLayout,
  name: string,
  abortSignal?: AbortSignal,
): AsyncGenerator<Float32Array[]> {
  let first = 0;
  for await (const piece of readSoundPieces(source, layout, name)) {
    abortSignal?.throwIfAborted();
    checkFinite(piece, first, name);
    yield piece;
    first += piece[0].length;
  }
}

/** The mean of the channels of all {@link finitePieces}; only one piece of the file is in memory at a time. */
export async function readMonoSound(
  source: ByteSource,
  layout: SoundLayout,
  name: string,
  abortSignal?: AbortSignal,
): Promise<Float32Array> {
  const mono = new Float32Array(layout.frames);
  let first = 0;
  for await (const piece of finitePieces(source, layout, name, abortSignal)) {
    mono.set(mixToMono(piece), first);
    first += piece[0].length;
  }
  return mono;
}
