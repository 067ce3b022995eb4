import { type Embedder, getSceneEmbeddings, getTimestampEmbeddings } from '@hearken/core';
import { createResampler, type Resample } from '@hearken/signals';
import { resampleChannels } from '@hearken/signals/internal';
import type { EmbeddedSplit } from '../../embeddings/embedded-split.js';
import { checkFits } from '../../embeddings/check-fits.js';
import { embedBatch } from '../../embeddings/embed-batch.js';
import { labelSplit } from '../../embeddings/label-split.js';
import type { EmbeddedRows } from '../../embeddings/pooling.js';
import { batchSignals } from '../../embeddings/signal-batches.js';
import type { MadeTask } from './made-task.js';
import { joinValues } from '@hearken/core/internal';

/** Values per batch: 10 s of audio at 32 kHz. A page that stops the benchmark waits for one batch at most. */
const batchValues = 320_000;

export interface EmbedMadeTaskOptions {
  /** Called with the number of embedded clips. */
  readonly onClips?: (done: number) => void;
  readonly abortSignal?: AbortSignal;
}

/**
 * Embeds a task in memory, in the form that probes take.
 *
 * @throws TaskError for signals that the embedder does not take; SignalError or EmbedderError naming the clip
 */
export async function embedMadeTask(
  { task, sampleRate, signals }: MadeTask,
  embedder: Embedder,
  { onClips, abortSignal }: EmbedMadeTaskOptions = {},
): Promise<Map<string, EmbeddedSplit>> {
  checkFits(task, embedder);
  const { channels } = embedder;
  const resampler = createResampler();
  const resample: Resample = (channel, from, to) => resampler.resample(channel, from, to);
  const model = { plugin: { getSceneEmbeddings, getTimestampEmbeddings }, embedder };
  const splits = new Map<string, EmbeddedSplit>();
  let done = 0;
  for (const [split, clips] of task.splits) {
    const labelled = async function* () {
      for (const clip of clips) {
        const signal = signals.get(clip)!;
        yield {
          item: clip,
          signal: await resampleChannels(signal, channels, sampleRate, embedder.sampleRate, resample),
        };
      }
    };
    const parts: EmbeddedRows[] = [];
    for await (const batch of batchSignals(labelled(), channels, batchValues)) {
      abortSignal?.throwIfAborted();
      parts.push(await embedBatch(task, split, batch, model, abortSignal));
      done += batch.items.length;
      onClips?.(done);
    }
    const rowsPerClip = parts.flatMap((part) => part.rowsPerClip);
    const rows = {
      embeddings: joinValues(parts.map(({ data }) => data)),
      count: rowsPerClip.reduce((sum, count) => sum + count, 0),
      rowsPerClip,
      timestamps: joinValues(parts.map((part) => part.timestamps ?? new Float32Array())),
    };
    splits.set(split, labelSplit(task, clips, rows, embedder));
  }
  return splits;
}
