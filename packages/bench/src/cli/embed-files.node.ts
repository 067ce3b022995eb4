import {
  AudioError,
  FileError,
  HearkenError,
  SignalError,
  type Embedder,
  type Plugin,
  type SignalBatch,
} from '@hearken/core';
import { batchSignals, oneAhead, type LabelledSignal } from '../embeddings/signal-batches.js';
import type { EmbeddedOutput, EmbedFilesOptions } from './embed-outputs.node.js';
import { embedLongFile, isLongRecording } from './embed-long-file.node.js';
import { readSignals } from './read-signals.node.js';

/** The number of signals in all files, and of timestamps per signal. */
export interface EmbeddedFiles {
  readonly count: number;
  readonly timestampCount: number;
}

/**
 * Embeds files. Scene embeddings may be of different lengths: signals of each length are embedded separately. Timestamp
 * embeddings go into one array, so all signals must have the same timestamps. Long recordings are embedded while they
 * are read.
 *
 * @throws AudioError, FileError, SignalError or EmbedderError naming the file
 */
export async function embedFiles(
  paths: readonly string[],
  { plugin, embedder }: { plugin: Plugin; embedder: Embedder },
  options: EmbedFilesOptions,
  output: EmbeddedOutput,
): Promise<EmbeddedFiles> {
  const { abortSignal } = options;
  let count = 0;
  let timestampCount = 0;
  const checkGrid = (found: number, path: string) => {
    if (count > 0 && found !== timestampCount) {
      throw new SignalError({
        asked: 'timestamp embeddings of signals of the same length',
        found: `${found} timestamps after ${timestampCount} in each of the files before '${path}'`,
        fix: 'embed files of different lengths separately',
      });
    }
    timestampCount = found;
  };
  const embed = async (items: readonly string[], signals: SignalBatch) => {
    if (options.scenes) await output.scenes((await plugin.getSceneEmbeddings(signals, embedder, { abortSignal })).data);
    if (!options.timestamps) return;
    const answer = await plugin.getTimestampEmbeddings(signals, embedder, { abortSignal });
    checkGrid(answer.timestampCount, items[0]);
    await output.timestamps(answer.timestamps, answer.data);
  };
  const embedLong = async (path: string) => {
    const found = await embedLongFile(path, { plugin, embedder }, options, output).catch((cause: unknown) => {
      // The file is read meanwhile, and an error about that names it.
      throw cause instanceof AudioError ? cause : named([path], cause);
    });
    if (options.timestamps) checkGrid(found, path);
  };
  const done = (items: readonly string[]) => {
    count += items.length;
    options.onProgress?.(count);
  };
  for await (const group of groupFiles(paths, embedder)) {
    if ('long' in group) {
      abortSignal?.throwIfAborted();
      await embedLong(group.long);
      done([group.long]);
      continue;
    }
    const batches = batchSignals(signalsOf(group.short, embedder, options), embedder.channels);
    for await (const { items, signals } of oneAhead(batches)) {
      abortSignal?.throwIfAborted();
      await embed(items, signals).catch((cause: unknown) => {
        throw named(items, cause);
      });
      done(items);
    }
  }
  return { count, timestampCount };
}

type FileGroup = { readonly long: string } | { readonly short: readonly string[] };

/** Groups files: each long recording separately, and the files between them together. */
async function* groupFiles(paths: readonly string[], embedder: Embedder): AsyncGenerator<FileGroup> {
  let short: string[] = [];
  for (const path of paths) {
    if (!(await isLongRecording(path, embedder))) {
      short.push(path);
      continue;
    }
    if (short.length > 0) yield { short };
    short = [];
    yield { long: path };
  }
  if (short.length > 0) yield { short };
}

async function* signalsOf(
  paths: readonly string[],
  embedder: Embedder,
  { sampleRate, recordRate, onWarning, onUnreadable }: EmbedFilesOptions,
): AsyncGenerator<LabelledSignal<string>> {
  for (const path of paths) {
    const warn = (warning: string) => onWarning?.(path, warning);
    const reading = readSignals(path, embedder, { sampleRate, recordRate, onWarning: warn });
    const signals = await reading.catch((error: unknown) => {
      if (!isUnreadable(error) || onUnreadable === undefined) throw error;
      onUnreadable(path, error);
      return [];
    });
    for (const signal of signals) yield { item: path, signal };
  }
}

/** Whether an error says that a file is missing or damaged. */
export function isUnreadable(error: unknown): error is AudioError | FileError {
  return error instanceof AudioError || error instanceof FileError;
}

/** The error concerns one of the batch's files; which one is unknown. */
function named(items: readonly string[], cause: unknown): unknown {
  if (!(cause instanceof HearkenError)) return cause;
  const files = new Set(items);
  const asked = `'${items[0]}'${files.size > 1 ? ` or one of the ${files.size - 1} files after it` : ''}`;
  return new SignalError({ asked, found: `${cause.asked}: ${cause.found}`, fix: cause.fix, cause });
}
