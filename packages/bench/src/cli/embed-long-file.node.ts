import { AudioError, type Embedder, type Plugin } from '@hearken/core';
import { streamEmbeddings } from '@hearken/core/streaming';
import { mixToMono, resampledLength } from '@hearken/signals';
import { finitePieces } from '@hearken/signals/internal';
import { checkMonoLength, isEcg, type PlainSound, withPlainSound } from '@hearken/signals/internal/node';
import { resamplePieces } from '@hearken/signals/onnx';
import { defaultBatchValues } from '../embeddings/signal-batches.js';
import { joinValues } from '@hearken/core/internal';
import type { EmbeddedOutput, EmbedFilesOptions } from './embed-outputs.node.js';
import { checkAudioFits, peakOf, peakWarning } from './read-audio-signal.node.js';
import { takesEcgs } from './read-ecg-signal.node.js';

/**
 * Whether a file is a recording that is embedded in pieces: uncompressed samples, more of them than fit in a batch.
 * Unreadable files are not; they fail where they are read as a whole.
 */
export async function isLongRecording(path: string, embedder: Embedder): Promise<boolean> {
  if (/\.npy$/i.test(path) || takesEcgs(embedder)) return false;
  const long = (sound: PlainSound | undefined) =>
    Promise.resolve(sound !== undefined && samplesOf(sound, embedder) * embedder.channels > defaultBatchValues);
  try {
    return (await withPlainSound(path, {}, long)) && !(await isEcg(path));
  } catch (cause) {
    if (cause instanceof AudioError) return false;
    throw cause;
  }
}

/** Samples of each channel at the embedder's rate. */
function samplesOf({ layout: { frames, sampleRate } }: PlainSound, embedder: Embedder): number {
  return resampledLength(frames, sampleRate, embedder.sampleRate);
}

/**
 * Embeds a long recording while it is read, mixed down and resampled piece by piece. If the model streams, timestamps
 * are streamed, and memory does not grow with the recording. Otherwise the model gets the whole signal at its sample
 * rate.
 *
 * @returns number of timestamps; 0 if none are wanted
 * @throws AudioError naming the file; whatever the model throws
 */
export async function embedLongFile(
  path: string,
  { plugin, embedder }: { readonly plugin: Plugin; readonly embedder: Embedder },
  { scenes, timestamps, abortSignal, onWarning }: EmbedFilesOptions,
  output: EmbeddedOutput,
): Promise<number> {
  return withPlainSound(path, {}, async (sound) => {
    if (sound === undefined) throw changed(path);
    const isStreamed = timestamps && embedder.timestampStreaming !== undefined;
    const signal = scenes || (timestamps && !isStreamed) ? new WholeSignal(sound, path, embedder) : undefined;
    let timestampCount = 0;
    const chunks = chunksOf(sound, path, embedder, { abortSignal, onWarning, signal });
    if (isStreamed) {
      for await (const embeddings of streamEmbeddings(chunks, embedder, { abortSignal })) {
        await output.timestamps(Float32Array.from(embeddings.timestamps), embeddings.data);
        timestampCount += embeddings.timestampCount;
      }
    } else {
      for await (const chunk of chunks) void chunk;
    }
    if (signal === undefined) return timestampCount;
    const { batch } = signal;
    if (scenes) await output.scenes((await plugin.getSceneEmbeddings(batch, embedder, { abortSignal })).data);
    if (timestamps && !isStreamed) {
      const answer = await plugin.getTimestampEmbeddings(batch, embedder, { abortSignal });
      await output.timestamps(answer.timestamps, answer.data);
      timestampCount = answer.timestampCount;
    }
    return timestampCount;
  });
}

/**
 * Reads a long recording as an embedder takes it, piece by piece.
 *
 * @param use called with its chunks, each `[channels, samples]`
 * @throws AudioError naming the file; what `use` throws
 */
export async function withLongFile<Value>(
  path: string,
  embedder: Embedder,
  options: Pick<EmbedFilesOptions, 'abortSignal' | 'onWarning'>,
  use: (chunks: AsyncIterable<Float32Array>) => Promise<Value>,
): Promise<Value> {
  return withPlainSound(path, {}, (sound) => {
    if (sound === undefined) throw changed(path);
    return use(chunksOf(sound, path, embedder, options));
  });
}

/** The signal as the embedder takes it, each chunk `[channels, samples]`. */
async function* chunksOf(
  { source, layout }: PlainSound,
  path: string,
  embedder: Embedder,
  { abortSignal, onWarning, signal }: Pick<EmbedFilesOptions, 'abortSignal' | 'onWarning'> & { signal?: WholeSignal },
): AsyncGenerator<Float32Array, void> {
  checkAudioFits(path, layout.channels, embedder);
  let peak = 0;
  async function* mixed() {
    for await (const piece of finitePieces(source, layout, path, abortSignal)) {
      const channels = embedder.channels === 1 ? [mixToMono(piece)] : piece;
      peak = Math.max(peak, ...channels.map(peakOf));
      yield channels;
    }
  }
  for await (const channels of resamplePieces(mixed(), layout.sampleRate, embedder.sampleRate)) {
    signal?.append(channels);
    yield joinValues(channels);
  }
  const warning = peakWarning(peak);
  if (warning !== undefined) onWarning?.(path, warning);
}

/** Collects a signal whose length is known. */
class WholeSignal {
  readonly #data: Float32Array;
  readonly #samples: number;
  #filled = 0;

  /** @throws AudioError if it would take over 2 GiB */
  constructor(
    sound: PlainSound,
    path: string,
    private readonly embedder: Embedder,
  ) {
    const { channels, sampleRate } = embedder;
    this.#samples = samplesOf(sound, embedder);
    checkMonoLength({ frames: this.#samples * channels, sampleRate: sampleRate * channels }, path);
    this.#data = new Float32Array(this.#samples * channels);
  }

  append(channels: readonly Float32Array[]): void {
    channels.forEach((values, channel) => {
      this.#data.set(values, channel * this.#samples + this.#filled);
    });
    this.#filled += channels[0].length;
  }

  get batch() {
    return { data: this.#data, count: 1, channels: this.embedder.channels, samples: this.#samples };
  }
}

function changed(path: string): AudioError {
  return new AudioError({
    asked: `audio of '${path}'`,
    found: 'a file that changed while it was being read',
    fix: 'run it again when the file is complete',
  });
}
