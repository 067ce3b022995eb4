import { link, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AudioError, FileError } from '@hearken/core';
import { groupBy } from '@hearken/core/internal';
import { copyPlainFile, writeFileInPlace, writing } from '@hearken/core/node';
import { resample, type Resample } from '@hearken/signals';
import { signalProblems } from './check-signal.js';
import {
  isLeftOut,
  namedProblems,
  stopsConversion,
  unusableRecordings,
  type ClipProblem,
  type ProblemChoice,
  type SignalProblem,
} from './clip-problems.js';
import { clipRateWarnings, wholeRate } from './clip-rates.js';
import type { PlannedTask } from './dataset.js';
import type { PlannedClip } from './planned-clip.js';
import { clipExtension, cutClip, encodeClip, readRecording, tolerance, type Recording } from './recording.node.js';
import type { SourceFolder } from './source-folder.node.js';

export interface WriteClipsOptions extends ProblemChoice {
  /** Sample rate of the clips in Hz; `source`: the highest rate of the recordings. */
  readonly sampleRate: number | 'source';
  /** Changes the sample rate; default: plain JavaScript. */
  readonly resample?: Resample;
  readonly abortSignal?: AbortSignal;
  onProgress?(done: number, total: number): void;
}

/** What happened to the clips. */
export interface WrittenClips {
  /** Sample rate of the clips in Hz. */
  readonly sampleRate: number;
  readonly problems: readonly ClipProblem[];
  /** Clips that were not written. */
  readonly leftOut: ReadonlySet<PlannedClip>;
  readonly warnings: readonly string[];
}

/** Where a clip goes: the task's index in the list, and the split. */
interface Destination {
  readonly task: number;
  readonly split: string;
}

type Clips = ReadonlyMap<PlannedClip, readonly Destination[]>;

/**
 * Writes the clips of several tasks, decoding each recording once, one at a time. A clip of several tasks is stored
 * once, if the file system has hard links. If the sample rate is the recordings' and they have several, those with
 * lower rates are decoded a second time when the highest is known.
 *
 * @param folders of the tasks, in their order
 * @throws TaskError naming recordings that cannot be used, FileError if the disk is full
 */
export async function writeClips(
  source: SourceFolder,
  tasks: readonly PlannedTask[],
  folders: readonly string[],
  options: WriteClipsOptions,
): Promise<WrittenClips> {
  const writer = new ClipWriter(source, tasks, folders, options);
  const recordings = destinationsByRecording(tasks);
  let done = 0;
  for (const [path, clips] of recordings) {
    options.abortSignal?.throwIfAborted();
    options.onProgress?.(done, recordings.size);
    done += 1;
    await writer.write(path, clips);
    if (writer.unusable.length >= namedProblems) break;
  }
  if (writer.unusable.length > 0) {
    throw unusableRecordings(source.folder, writer.unusable, writer.unusable.length >= namedProblems);
  }
  const sampleRate = options.sampleRate === 'source' ? writer.highestRate() : options.sampleRate;
  const lower = [...recordings].filter(([path]) => {
    const rate = writer.rateOf(path);
    return options.sampleRate === 'source' && rate !== undefined && wholeRate(rate) < sampleRate;
  });
  for (const [index, [path, clips]] of lower.entries()) {
    options.abortSignal?.throwIfAborted();
    options.onProgress?.(recordings.size + index, recordings.size + lower.length);
    await writer.writeAgain(path, clips, sampleRate);
  }
  await writer.removeOtherRates(sampleRate);
  options.onProgress?.(recordings.size + lower.length, recordings.size + lower.length);
  const { problems, leftOut, short } = writer;
  const warnings =
    short > 0 ? [`${short} clips were annotated past the end of their recording and are cut off there.`] : [];
  warnings.push(...writer.recordingWarnings(), ...clipRateWarnings(writer.rates(), sampleRate, options.sampleRate));
  return { sampleRate, problems, leftOut, warnings };
}

/** Writes clips recording by recording, and collects problems and warnings. */
class ClipWriter {
  readonly problems: ClipProblem[] = [];
  readonly leftOut = new Set<PlannedClip>();
  /** Problems that stop the conversion. */
  readonly unusable: ClipProblem[] = [];
  /** Clips whose annotation extends beyond the end of their recording. */
  short = 0;
  readonly #resample: Resample;
  readonly #rates = new Map<string, number>();
  readonly #folders = new Set<string>();
  /** By what they are about: how many recordings have such warnings, and those of the first one. */
  readonly #said = new Map<string, { path: string; texts: readonly string[]; recordings: number }>();

  constructor(
    private readonly source: SourceFolder,
    private readonly tasks: readonly PlannedTask[],
    private readonly taskFolders: readonly string[],
    private readonly options: WriteClipsOptions,
  ) {
    this.#resample = options.resample ?? resample;
  }

  /** Sample rate of a recording in Hz; undefined if nothing of it was written. */
  rateOf(path: string): number | undefined {
    return this.#rates.get(path);
  }

  rates(): number[] {
    return [...this.#rates.values()];
  }

  highestRate(): number {
    return this.rates().reduce((most, rate) => Math.max(most, wholeRate(rate)), 1);
  }

  /** The readers' warnings, once for everything that they are about, with the number of recordings. */
  recordingWarnings(): string[] {
    return [...this.#said.values()].flatMap(({ path, texts, recordings }) =>
      recordings === 1
        ? texts.map((text) => `'${path}': ${text}`)
        : [`${recordings} recordings, such as '${path}': ${texts.join(' ')}`],
    );
  }

  /** Decodes a recording, checks its clips, and writes the good ones. */
  async write(path: string, clips: Clips): Promise<void> {
    const [[first]] = clips.values();
    const task = this.tasks[first.task];
    let recording: Recording;
    try {
      recording = await readRecording(join(this.source.folder, path), task);
    } catch (cause) {
      this.#found({ source: path, ...unusable(cause) }, [...clips.keys()]);
      return;
    }
    this.#keepWarnings(path, recording.warnings);
    for (const [clip, destinations] of clips) {
      let cut;
      try {
        cut = cutClip(recording, clip, path);
      } catch (cause) {
        this.#found({ source: path, clip, ...unusable(cause) }, [clip]);
        continue;
      }
      const signal = { channels: cut.channels, sampleRate: recording.sampleRate };
      const seconds = cut.channels[0].length / recording.sampleRate;
      if ((clip.annotatedTo ?? 0) > seconds + tolerance) {
        this.#found({ source: path, clip, ...eventsPastEnd(clip, seconds) }, [clip]);
        continue;
      }
      for (const problem of signalProblems(signal, task)) this.#found({ source: path, clip, ...problem }, [clip]);
      if (this.leftOut.has(clip) || this.unusable.length > 0) continue;
      if (cut.short) this.short += 1;
      this.#rates.set(path, recording.sampleRate);
      const { sampleRate } = this.options;
      const rate = sampleRate === 'source' ? wholeRate(recording.sampleRate) : sampleRate;
      await this.#put(clip, destinations, rate, await encodeClip(signal, rate, task.modality, this.#resample));
    }
  }

  /** Writes the good clips of a recording at another sample rate than its own. */
  async writeAgain(path: string, clips: Clips, rate: number): Promise<void> {
    const [[first]] = clips.values();
    const task = this.tasks[first.task];
    const recording = await readRecording(join(this.source.folder, path), task);
    for (const [clip, destinations] of clips) {
      if (this.leftOut.has(clip)) continue;
      const signal = { channels: cutClip(recording, clip, path).channels, sampleRate: recording.sampleRate };
      await this.#put(clip, destinations, rate, await encodeClip(signal, rate, task.modality, this.#resample));
    }
  }

  /** Removes the clips that were written at other sample rates. */
  async removeOtherRates(rate: number): Promise<void> {
    const others = new Set([...this.#rates.values()].map(wholeRate).filter((one) => one !== rate));
    if (this.options.sampleRate !== 'source') return;
    for (const folder of this.taskFolders) {
      for (const other of others)
        await rm(join(folder, String(other)), { recursive: true, force: true, maxRetries: 5 });
    }
  }

  #found(problem: ClipProblem, clips: readonly PlannedClip[]): void {
    this.problems.push(problem);
    if (stopsConversion(problem, this.options)) this.unusable.push(problem);
    if (isLeftOut(problem, this.options)) clips.forEach((clip) => this.leftOut.add(clip));
  }

  #keepWarnings(path: string, warnings: Recording['warnings']): void {
    for (const [reason, same] of groupBy(warnings, (warning) => warning.reason)) {
      const texts = same.map(({ text }) => text);
      const known = this.#said.get(reason) ?? { path, texts, recordings: 0 };
      this.#said.set(reason, { ...known, recordings: known.recordings + 1 });
    }
  }

  async #put(clip: PlannedClip, destinations: readonly Destination[], rate: number, bytes: Uint8Array): Promise<void> {
    const places: string[] = [];
    for (const { task, split } of destinations) {
      const folder = join(this.taskFolders[task], String(rate), split);
      if (!this.#folders.has(folder)) await writing(folder, () => mkdir(folder, { recursive: true }));
      this.#folders.add(folder);
      places.push(join(folder, `${clip.name}${clipExtension(this.tasks[task].modality)}`));
    }
    const [original, ...copies] = places;
    await writeFileInPlace(original, bytes);
    // Not every file system has hard links.
    for (const copy of copies) {
      await writing(copy, () => link(original, copy).catch(() => copyPlainFile(original, copy)));
    }
  }
}

/** The message of an error about an unreadable recording. @throws the error if it is about something else */
function unusable(cause: unknown): Pick<ClipProblem, 'severity' | 'found' | 'fix'> {
  if (!(cause instanceof AudioError) && !isUnreadable(cause)) throw cause;
  return { severity: 'unusable', found: cause.found, fix: cause.fix };
}

function eventsPastEnd({ annotatedTo }: PlannedClip, seconds: number): SignalProblem {
  return {
    severity: 'unusable',
    found: `an event that ends at ${annotatedTo} s of ${Number(seconds.toFixed(3))} s`,
    fix: 'correct the times, or their unit with --time-unit',
  };
}

/** A damaged `.npy` is a FileError about its content; a failing disk has a system error as cause. */
function isUnreadable(cause: unknown): cause is FileError {
  return cause instanceof FileError && cause.cause === undefined;
}

function destinationsByRecording(tasks: readonly PlannedTask[]): Map<string, Map<PlannedClip, Destination[]>> {
  const recordings = new Map<string, Map<PlannedClip, Destination[]>>();
  for (const [index, task] of tasks.entries()) {
    for (const { clip, split } of task.entries) {
      const clips = recordings.get(clip.source) ?? new Map<PlannedClip, Destination[]>();
      recordings.set(clip.source, clips);
      const destinations = clips.get(clip) ?? [];
      clips.set(clip, destinations);
      destinations.push({ task: index, split });
    }
  }
  return recordings;
}
