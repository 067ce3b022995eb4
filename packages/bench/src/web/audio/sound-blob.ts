import { mixToMono } from '../../audio/audio.js';
import type { ByteSource } from '../../audio/byte-source.js';
import { readSoundPieces } from '../../audio/pcm/read-sound.js';
import type { SoundLayout } from '../../audio/pcm/sound-layout.js';
import type { MonoAudio } from './mono-audio.js';

/** Decodes plain samples piece by piece: besides the result, memory holds one piece of the file. */
export async function decodeSoundBlob(
  source: ByteSource,
  layout: SoundLayout,
  name: string,
  abortSignal?: AbortSignal,
): Promise<MonoAudio> {
  const samples = new Float32Array(layout.frames);
  let first = 0;
  for await (const piece of readSoundPieces(source, layout, name)) {
    abortSignal?.throwIfAborted();
    samples.set(mixToMono(piece), first);
    first += piece[0].length;
  }
  return { samples, sampleRate: layout.sampleRate };
}
