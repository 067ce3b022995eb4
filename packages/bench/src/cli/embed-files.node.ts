import { HearkenError, SignalError, type Embedder, type Plugin, type SignalBatch } from '@hearken/core';
import { batchSignals, oneAhead, type LabelledSignal } from '../embeddings/signal-batches.js';
import { readSignals } from './read-signals.node.js';
import { joinValues } from '../files/join-values.js';

export interface EmbedFilesOptions {
  /** Hz of files that do not say it themselves: `.npy`, CSV without a time column. */
  readonly sampleRate?: number;
  /** Hz that every ECG record must have; see `findRecordRate`. */
  readonly recordRate?: number;
  readonly scenes: boolean;
  readonly timestamps: boolean;
  readonly abortSignal?: AbortSignal;
  /** Called after every batch with the signals done so far. */
  readonly onProgress?: (done: number) => void;
  /** Called with what had to be made of a file, in whole sentences. */
  readonly onWarning?: (path: string, warning: string) => void;
}

/** The embeddings of all signals of all files, in order. */
export interface EmbeddedFiles {
  readonly count: number;
  /** `[count, sceneEmbeddingSize]`; empty unless asked for. */
  readonly scenes: Float32Array;
  /** `[count, timestampCount, timestampEmbeddingSize]`; empty unless asked for. */
  readonly timestampEmbeddings: Float32Array;
  /** Window centres in ms, `[count, timestampCount]`; empty unless asked for. */
  readonly timestamps: Float32Array;
  readonly timestampCount: number;
}

/**
 * Embeds files. Scenes may differ in length: each length is embedded on its own. Timestamps of all signals must lie on
 * one grid, since they become one array.
 *
 * @throws AudioError, FileError, SignalError or EmbedderError naming the file
 */
export async function embedFiles(
  paths: readonly string[],
  { plugin, embedder }: { plugin: Plugin; embedder: Embedder },
  options: EmbedFilesOptions,
): Promise<EmbeddedFiles> {
  const { abortSignal } = options;
  const scenes: Float32Array[] = [];
  const timestampEmbeddings: Float32Array[] = [];
  const timestamps: Float32Array[] = [];
  let count = 0;
  let timestampCount = 0;
  const embed = async (items: readonly string[], signals: SignalBatch) => {
    if (options.scenes) scenes.push((await plugin.getSceneEmbeddings(signals, embedder, { abortSignal })).data);
    if (!options.timestamps) return;
    const answer = await plugin.getTimestampEmbeddings(signals, embedder, { abortSignal });
    if (count > 0 && answer.timestampCount !== timestampCount) {
      throw new SignalError({
        asked: 'timestamp embeddings of signals of one length',
        found: `${answer.timestampCount} timestamps after ${timestampCount} each in the files before '${items[0]}'`,
        fix: 'embed files of different lengths one by one',
      });
    }
    timestampCount = answer.timestampCount;
    timestampEmbeddings.push(answer.data);
    timestamps.push(answer.timestamps);
  };
  const batches = batchSignals(signalsOf(paths, embedder, options), embedder.channels);
  for await (const { items, signals } of oneAhead(batches)) {
    abortSignal?.throwIfAborted();
    await embed(items, signals).catch((cause: unknown) => {
      throw named(items, cause);
    });
    count += items.length;
    options.onProgress?.(count);
  }
  return {
    count,
    scenes: joinValues(scenes),
    timestampEmbeddings: joinValues(timestampEmbeddings),
    timestamps: joinValues(timestamps),
    timestampCount,
  };
}

async function* signalsOf(
  paths: readonly string[],
  embedder: Embedder,
  { sampleRate, recordRate, onWarning }: EmbedFilesOptions,
): AsyncGenerator<LabelledSignal<string>> {
  for (const path of paths) {
    const warn = (warning: string) => onWarning?.(path, warning);
    const signals = await readSignals(path, embedder, { sampleRate, recordRate, onWarning: warn });
    for (const signal of signals) yield { item: path, signal };
  }
}

/** A batch's files are known, not which of them is at fault. */
function named(items: readonly string[], cause: unknown): unknown {
  if (!(cause instanceof HearkenError)) return cause;
  const files = new Set(items);
  const asked = `'${items[0]}'${files.size > 1 ? ` or one of the ${files.size - 1} files after it` : ''}`;
  return new SignalError({ asked, found: `${cause.asked}: ${cause.found}`, fix: cause.fix, cause });
}
