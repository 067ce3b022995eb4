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
  const { readEcgFiles } = await import('@hearken/bench/web');
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
    const resampled = await timed(() => resampledLeads({ leads, sampleRate, signal }, embedder.sampleRate));
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

/** The leads of a record at another rate, `[leads, samples]`. */
export async function resampledLeads(
  {
    leads,
    sampleRate,
    signal,
  }: { readonly leads: readonly string[]; readonly sampleRate: number; readonly signal: Float32Array },
  to: number,
): Promise<Float32Array> {
  if (sampleRate === to) return signal;
  const { resampleSignal } = await import('@hearken/bench/web');
  const samples = signal.length / leads.length;
  const rows: Float32Array[] = [];
  for (let lead = 0; lead < leads.length; lead += 1) {
    rows.push(await resampleSignal(signal.subarray(lead * samples, (lead + 1) * samples), sampleRate, to));
  }
  return signalBatch(rows).data;
}
