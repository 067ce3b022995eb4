import {
  HearkenError,
  type ClassificationHead,
  type Embedder,
  getSceneLogits,
  labelProbabilities,
} from '@hearken/core';
import { SignalError, type SignalBatch } from '@hearken/core';
import { cutWindows, type SignalWindow, type WindowCuts } from '@hearken/core/streaming';
import { isLongRecording, withLongFile } from './embed-long-file.node.js';
import { readSignals } from './read-signals.node.js';

/** Recordings over this length are answered over time. */
const longSeconds = 30;
/** Length of the windows, unless it is given. */
export const defaultWindowSeconds = 10;
/** The most values of windows that are computed at once, all channels together. */
const batchValues = 16 * defaultWindowSeconds * 32_000;

/** A model's probabilities for a signal, or a window of it. */
export interface LabelAnswer {
  /** The file, or `-` for standard input. */
  readonly file: string;
  /** Which of several signals in the file, from 0. */
  readonly signal?: number;
  /** Start and end in seconds. */
  readonly onset: number;
  readonly offset: number;
  /** Whether it is one of several windows. */
  readonly isWindow: boolean;
  /** Of all labels. */
  readonly probabilities: Float32Array;
}

/** How files are read and cut. */
export interface AnswerOptions {
  /** Sample rate in Hz of files that do not have one. */
  readonly sampleRate?: number;
  readonly recordRate?: number;
  /** Length of windows in seconds; 0: none. Default: 10 s for recordings over 30 s. */
  readonly window?: number;
  /** Seconds from one window to the next; default: their length. */
  readonly hop?: number;
  readonly abortSignal?: AbortSignal;
  readonly onWarning?: (path: string, warning: string) => void;
  /** Called with each answer, in the order of the files and of time. */
  readonly onAnswer: (answer: LabelAnswer) => void;
}

/** What answers: an embedder, and its head or another reading of it. */
export interface Answering {
  readonly embedder: Embedder;
  readonly head: Pick<ClassificationHead, 'size' | 'kind'>;
}

/**
 * Answers files; long recordings are answered while they are read.
 *
 * @throws AudioError, FileError, SignalError or EmbedderError naming the file
 */
export async function answerFiles(
  files: readonly string[],
  answering: Answering,
  options: AnswerOptions,
): Promise<void> {
  const { embedder } = answering;
  for (const file of files) {
    const warn = (warning: string) => options.onWarning?.(file, warning);
    if (options.window !== 0 && (await isLongRecording(file, embedder))) {
      const cuts = windowCuts(options, embedder, options.window ?? defaultWindowSeconds);
      await withLongFile(file, embedder, options, (chunks) =>
        answerWindows({ file, isWindow: true }, cutWindows(chunks, embedder.channels, cuts), answering, options),
      );
      continue;
    }
    const signals = await readSignals(file, embedder, { ...options, onWarning: warn });
    for (const [index, data] of signals.entries()) {
      const samples = data.length / embedder.channels;
      const isLong = samples > longSeconds * embedder.sampleRate;
      const seconds = options.window ?? (isLong ? defaultWindowSeconds : 0);
      const cuts = seconds > 0 ? windowCuts(options, embedder, seconds) : { length: samples, hop: samples };
      const place = { file, isWindow: seconds > 0, ...(signals.length > 1 ? { signal: index } : {}) };
      await answerWindows(place, cutWindows([data], embedder.channels, cuts), answering, options);
    }
  }
}

/**
 * Answers the windows of a signal that arrives, each as soon as its window is complete.
 *
 * @param chunks each `[channels, samples]` at the embedder's rate
 */
export function answerStream(
  chunks: AsyncIterable<Float32Array>,
  answering: Answering,
  options: AnswerOptions,
): Promise<void> {
  const { embedder } = answering;
  const cuts = windowCuts(options, embedder, options.window ?? defaultWindowSeconds);
  const windows = cutWindows(chunks, embedder.channels, cuts);
  return answerWindows({ file: '-', isWindow: true }, windows, answering, { ...options, isLive: true });
}

/** Windows in samples of the embedder's rate. */
function windowCuts({ hop }: AnswerOptions, { sampleRate }: Embedder, seconds: number): WindowCuts {
  const length = Math.max(1, Math.round(seconds * sampleRate));
  return { length, hop: Math.min(length, Math.max(1, Math.round((hop ?? seconds) * sampleRate))) };
}

async function answerWindows(
  place: Pick<LabelAnswer, 'file' | 'signal' | 'isWindow'>,
  windows: AsyncIterable<SignalWindow>,
  answering: Answering,
  options: AnswerOptions & { readonly isLive?: boolean },
): Promise<void> {
  let waiting: SignalWindow[] = [];
  for await (const window of windows) {
    // The last window may have another length.
    if (waiting.length > 0 && waiting[0].signal.samples !== window.signal.samples) {
      await answerBatch(place, waiting, answering, options);
      waiting = [];
    }
    waiting.push(window);
    const values = waiting.length * window.signal.data.length;
    if (options.isLive !== true && values + window.signal.data.length <= batchValues) continue;
    await answerBatch(place, waiting, answering, options);
    waiting = [];
  }
  if (waiting.length > 0) await answerBatch(place, waiting, answering, options);
}

async function answerBatch(
  place: Pick<LabelAnswer, 'file' | 'signal' | 'isWindow'>,
  windows: readonly SignalWindow[],
  { embedder, head }: Answering,
  { abortSignal, onAnswer }: AnswerOptions,
): Promise<void> {
  abortSignal?.throwIfAborted();
  const { channels, samples } = windows[0].signal;
  const data = new Float32Array(windows.length * channels * samples);
  windows.forEach(({ signal }, index) => {
    data.set(signal.data, index * channels * samples);
  });
  const batch: SignalBatch = { data, count: windows.length, channels, samples };
  const logits = await getSceneLogits(batch, embedder, { abortSignal }).catch((cause: unknown) => {
    throw named(place.file, cause);
  });
  const probabilities = labelProbabilities(logits.data, head.size, head.kind);
  for (const [index, { start }] of windows.entries()) {
    const [onset, offset] = [start, start + samples].map((sample) => sample / embedder.sampleRate);
    const own = probabilities.subarray(index * head.size, (index + 1) * head.size);
    onAnswer({ ...place, onset, offset, probabilities: own });
  }
}

function named(file: string, cause: unknown): unknown {
  if (!(cause instanceof HearkenError)) return cause;
  return new SignalError({ asked: `'${file}': ${cause.asked}`, found: cause.found, fix: cause.fix, cause });
}
