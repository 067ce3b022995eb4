import { getSceneEmbeddings, signalBatch } from '@hearken/core';
import type { ReadClip } from './jobs.js';
import { loadedModel } from './loaded-model.js';
import { logMelPicture } from './log-mel.js';
import { peaksOf } from './peaks.js';
import type { JobContext } from './serve-jobs.js';
import { timed } from './stopwatch.js';

/** Longer recordings are refused, because their samples would take hundreds of megabytes. */
const maximumSeconds = 20 * 60;

/** Columns of the pictures, more than fit on a screen. */
const columns = 1200;

/** If a file breaks the decoder, the loaded model and the other clips are not affected. */
const decodeWorker = () => new Worker(new URL('./decode.worker.ts', import.meta.url), { type: 'module' });

/** The samples of an audio file. Videos are recognised by content. */
export async function decodeSound(file: File, abortSignal: AbortSignal) {
  const { decodeAudioFile } = await import('@hearken/bench/web');
  return decodeAudioFile(file, { maximumSeconds, abortSignal, decodeWorker });
}

/**
 * Reads an audio file, and embeds it if the model takes audio. Videos are recognised by content, because recorders also label
 * sound without a picture as video.
 */
export async function embedAudio(
  { file }: { file: File },
  { abortSignal }: JobContext<'embedAudio'>,
): Promise<ReadClip> {
  const embedder = loadedModel();
  const { resampleSignal } = await import('@hearken/bench/web');
  const decoded = await timed(() => decodeSound(file, abortSignal));
  abortSignal.throwIfAborted();
  const { samples, sampleRate } = decoded.value;
  const clip = {
    name: file.name,
    seconds: samples.length / sampleRate,
    sampleRate,
    picture: { kind: 'audio', peaks: peaksOf(samples, columns), ...logMelPicture(samples, sampleRate, columns) },
    warnings: [],
  } as const;
  if (embedder.channels !== 1) return { ...clip, stages: { decode: decoded.seconds, resample: 0, embed: 0 } };
  const resampled = await timed(() => resampleSignal(samples, sampleRate, embedder.sampleRate));
  abortSignal.throwIfAborted();
  const embedded = await timed(() => getSceneEmbeddings(signalBatch([resampled.value]), embedder, { abortSignal }));
  return {
    ...clip,
    stages: { decode: decoded.seconds, resample: resampled.seconds, embed: embedded.seconds },
    embedding: embedded.value.data,
    provenance: { ...embedder.provenance },
  };
}
