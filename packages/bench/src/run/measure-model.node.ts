import { getSceneEmbeddings, signalBatch, type Embedder } from '@hearken/core';
import type { Machine } from '@hearken/results';
import { forgetPeakMemory, recentPeakMemoryBytes, thisMachine } from '@hearken/results/internal/node';
import { defaultBatchValues } from '../embeddings/signal-batches.js';

/** The cost of a model on a machine. */
export interface ModelCost {
  /** Seconds from the call of the plugin's `loadModel` to a model that can embed. */
  readonly loadSeconds: number;
  /** Seconds of computing for each second of signal: below 1, the model keeps up with a signal as it arrives. */
  readonly realTimeFactor: number;
  /** Length in seconds of the synthetic clips that were embedded. */
  readonly clipSeconds: number;
  /** Number of clips that were embedded in one batch, as in a run. */
  readonly clips: number;
  /**
   * Peak memory in bytes of this process while it loaded and used the model, everything else in the process included;
   * on systems other than Linux, since the process started.
   */
  readonly peakMemoryBytes: number;
  /** How many weights were loaded; null if the plugin doesn't say. */
  readonly parameters: number | null;
  /** Where it was measured. */
  readonly machine: Machine;
}

/** How to measure a model. */
export interface MeasureModelOptions {
  /** Length of a clip in seconds; the shortest clip that the model takes, if that is longer. Default: 10. */
  readonly clipSeconds?: number;
  /**
   * About how long to compute: if one clip takes longer than this for a batch, fewer clips are embedded. Default: 8.
   */
  readonly seconds?: number;
  /** Stops measuring; the promise is rejected with its reason. */
  readonly abortSignal?: AbortSignal;
}

/**
 * Loads a model, embeds a few synthetic clips with it, and frees it.
 *
 * @throws HearkenError if the model cannot be loaded or refuses the clips; the abort signal's reason
 */
export async function measureModel(
  load: () => Promise<Embedder>,
  { clipSeconds = 10, seconds = 8, abortSignal }: MeasureModelOptions = {},
): Promise<ModelCost> {
  await forgetPeakMemory();
  abortSignal?.throwIfAborted();
  const [embedder, loadSeconds] = await timed(load);
  try {
    const { channels, sampleRate, provenance } = embedder;
    const samples = Math.max(Math.ceil(clipSeconds * sampleRate), embedder.minimumSceneSamples);
    const embed = (count: number) =>
      getSceneEmbeddings(testClips(count, channels, samples), embedder, { ...(abortSignal && { abortSignal }) });
    // The first call also allocates memory and compiles kernels.
    const [, first] = await timed(() => embed(1));
    const together = Math.max(1, Math.floor(defaultBatchValues / (channels * samples)));
    const clips = Math.max(1, Math.min(together, Math.floor(seconds / Math.max(first, 1e-6))));
    const [, taken] = await timed(() => embed(clips));
    return {
      loadSeconds,
      realTimeFactor: taken / (clips * (samples / sampleRate)),
      clipSeconds: samples / sampleRate,
      clips,
      peakMemoryBytes: await recentPeakMemoryBytes(),
      parameters: provenance.parameters ?? null,
      machine: thisMachine(),
    };
  } finally {
    await embedder.dispose();
  }
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  const value = await work();
  return [value, (performance.now() - start) / 1000];
}

/** Tones of different pitches with some noise; the content of a clip does not affect the time. */
function testClips(count: number, channels: number, samples: number) {
  let state = 1;
  const clip = (index: number) =>
    Float32Array.from({ length: channels * samples }, (_, at) => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return 0.3 * Math.sin(0.05 * (index + 1) * at) + 0.1 * (state / 1073741824 - 1);
    });
  return signalBatch(
    Array.from({ length: count }, (_, index) => clip(index)),
    channels,
  );
}
