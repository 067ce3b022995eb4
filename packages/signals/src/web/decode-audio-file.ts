import { AudioError } from '@hearken/core';
import { mixToMono } from '../audio/audio.js';
import { videoKind } from '../audio/content-kind.js';
import { blobSource, readSource } from '../audio/byte-source.js';
import { checkFinite } from '../audio/check-finite.js';
import { decodeCompressed } from '../audio/compressed.js';
import { checkLimits } from '../audio/decode-limits.js';
import { type CompressedDecoder, decodeAudioWith, readableContent } from '../audio/decode-with.js';
import { findContent } from '../audio/detect-content.js';
import { soundFinder } from '../audio/pcm/find-sound.js';
import { readMonoSound } from '../audio/pcm/mono-sound.js';
import { decodeAac } from './aac.web.js';
import { decoderInWorker } from './decode-in-worker.js';
import type { DecodeAudioOptions, MonoAudio } from './mono-audio.js';

const defaultMaximumSeconds = 1800;
/** What a decoder is given whole: half an hour of stereo without loss fits. */
const maximumBytes = 2 ** 29;
/** Samples of all channels of such a file together: 1 GiB of float32. */
const maximumSamples = 2 ** 28;

/**
 * Decodes an audio file in a web page, and mixes it down to the mean of its channels.
 *
 * WAV, AIFF and the like are read in pieces; decoders load when they are first needed. The length of a file is checked
 * before or while it is decoded: one that is too long is refused before memory is allocated for all of it.
 *
 * @param file its `name`, if it has one, is used in errors
 * @throws AudioError for a file that is too long, damaged, a video, or not audio, saying what it looks like
 */
export async function decodeAudioFile(
  file: Blob & { readonly name?: string },
  options: DecodeAudioOptions = {},
): Promise<MonoAudio> {
  const { maximumSeconds = defaultMaximumSeconds, abortSignal, decodeWorker } = options;
  const name = file.name ?? 'audio';
  abortSignal?.throwIfAborted();
  const content = await readSource(findContent(file.size), blobSource(file));
  const { format, offset } = readableContent(content, file.size, name);
  // A decoder does not get leading tags and padding.
  const sound = offset === 0 ? file : file.slice(offset);
  const source = blobSource(sound);
  const find = soundFinder(format);
  const layout = find && (await readSource(find(source.size, name), source));
  if (layout === undefined || 'encloses' in layout) {
    return decodeOther(sound, name, { maximumSeconds, abortSignal }, decodeWorker);
  }
  checkLimits(layout, name, { maximumSeconds, maximumSamples: Infinity }, true);
  return { samples: await readMonoSound(source, layout, name, abortSignal), sampleRate: layout.sampleRate };
}

async function decodeOther(
  file: Blob,
  name: string,
  limits: { readonly maximumSeconds: number; readonly abortSignal?: AbortSignal },
  startWorker: (() => Worker) | undefined,
): Promise<MonoAudio> {
  if (file.size > maximumBytes) {
    throw new AudioError({
      asked: `audio of '${name}'`,
      found: `${file.size} bytes, over the limit of ${maximumBytes}`,
      fix: 'cut it into shorter files',
    });
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const video = videoKind(bytes);
  if (video !== undefined) {
    const fix = 'save its sound as WAV, FLAC or MP3 first';
    throw new AudioError({ asked: `audio of '${name}'`, found: video, fix });
  }
  const decoder: CompressedDecoder =
    startWorker === undefined
      ? (content, format, called, bounds) => decodeCompressed(content, format, called, bounds, decodeAac)
      : decoderInWorker(startWorker);
  const { channels, sampleRate } = await decodeAudioWith(decoder, bytes, name, { ...limits, maximumSamples });
  checkFinite(channels, 0, name);
  return { samples: mixToMono(channels), sampleRate };
}
