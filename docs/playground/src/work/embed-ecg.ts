import { getSceneEmbeddings, signalBatch } from '@hearken/core';
import { ecgPicture } from './ecg-picture.js';
import type { ReadClip } from './jobs.js';
import { loadedModel } from './loaded-model.js';
import type { JobContext } from './serve-jobs.js';
import { timed } from './stopwatch.js';

/** Reads the records in files, and embeds them if the model takes ECGs. */
export async function embedEcg(
  { files }: { files: File[] },
  { abortSignal }: JobContext<'embedEcg'>,
): Promise<ReadClip[]> {
  const embedder = loadedModel();
  const { readEcgFiles, resampleSignal } = await import('@hearken/bench/web');
  const read = await timed(() => readEcgFiles(files));
  const decode = read.seconds / Math.max(1, read.value.length);
  const clips: ReadClip[] = [];
  for (const { name, leads, sampleRate, signal, warnings } of read.value) {
    abortSignal.throwIfAborted();
    const channels = leads.length;
    const samples = signal.length / channels;
    const clip = {
      name,
      seconds: samples / sampleRate,
      sampleRate,
      picture: ecgPicture(signal, { leads, sampleRate }),
      warnings,
    };
    if (embedder.channels !== channels) {
      clips.push({ ...clip, stages: { decode, resample: 0, embed: 0 } });
      continue;
    }
    const resampled = await timed(async () => {
      if (sampleRate === embedder.sampleRate) return signal;
      const rows: Float32Array[] = [];
      for (let lead = 0; lead < channels; lead += 1) {
        const row = signal.subarray(lead * samples, (lead + 1) * samples);
        rows.push(await resampleSignal(row, sampleRate, embedder.sampleRate));
      }
      return signalBatch(rows).data;
    });
    const batch = signalBatch([resampled.value], channels);
    const embedded = await timed(() => getSceneEmbeddings(batch, embedder, { abortSignal }));
    clips.push({
      ...clip,
      stages: { decode, resample: resampled.seconds, embed: embedded.seconds },
      embedding: embedded.value.data,
      provenance: { ...embedder.provenance },
    });
  }
  return clips;
}
