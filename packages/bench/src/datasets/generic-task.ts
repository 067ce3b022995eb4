import { extname } from 'node:path';
import { TaskError } from '@hearken/core';
import { standardLeads } from '../ecg/lead-names.js';
import { ecgExtensions } from '../ecg/ecg-files.js';
import type { PlannedEntry, PlannedTask, PlanOptions } from './dataset.js';
import {
  foldNames,
  inFolds,
  labelsIn,
  splitNamed,
  threeSplits,
  trainValidTest,
  withValidation,
} from './planned-splits.js';
import type { LabelledClip } from './planned-splits.js';

/** A clip with the split that the data names; '' where it names none. */
export type SplitClip = LabelledClip & { readonly split: string };

/** Hz of ECG tasks. */
const ecgRate = 500;

/** The rate of an ECG task's clips; audio has its dataset's. */
export function rateOf({ modality }: Pick<PlannedTask, 'modality'>): { sampleRate?: number } {
  return modality === 'ecg' ? { sampleRate: ecgRate } : {};
}

/** What a task of one's own data is, beyond its clips. */
export interface GenericTask {
  readonly name: string;
  readonly description: string;
  readonly predictionType: PlannedTask['predictionType'];
  /** Labels in the vocabulary's order; default: those that occur, sorted. */
  readonly labels?: readonly string[];
}

const metricsOf: Readonly<Record<PlannedTask['predictionType'], readonly string[]>> = {
  multiclass: ['top1_acc', 'f1_macro', 'mAP', 'aucroc'],
  multilabel: ['mAP', 'aucroc'],
  regression: ['mae', 'r2'],
};

/**
 * A task from clips whose splits may be named: train, valid and test (validation is made where it lacks), at least three
 * folds by whatever name, or nothing, and then splits are made by group.
 *
 * @throws TaskError where only some clips have a split, or there are two folds
 */
export function genericTask(clips: readonly SplitClip[], about: GenericTask, options: PlanOptions): PlannedTask {
  const { splits, splitMode, entries } = divide(clips, about.name, options);
  const ecg = modalityOf(clips, about.name) === 'ecg';
  return {
    name: about.name,
    description: about.description,
    modality: ecg ? 'ecg' : 'audio',
    embeddingType: 'scene',
    predictionType: about.predictionType,
    splitMode,
    splits,
    evaluation: metricsOf[about.predictionType],
    labels: about.labels ?? labelsIn(clips),
    ...(ecg ? { leads: standardLeads } : {}),
    entries,
  };
}

function divide(clips: readonly SplitClip[], task: string, { seed, folds }: PlanOptions) {
  const fail = (found: string, fix: string) => new TaskError({ asked: `splits of task '${task}'`, found, fix });
  const named = new Set(clips.map(({ split }) => split));
  if (named.size === 1 && named.has('')) {
    return folds === undefined
      ? { splits: threeSplits, splitMode: 'trainvaltest' as const, entries: trainValidTest(clips, seed) }
      : { splits: foldNames(folds), splitMode: 'presplit_kfold' as const, entries: inFolds(clips, folds, seed) };
  }
  if (named.has('')) {
    const without = clips.find(({ split }) => split === '')?.clip.source ?? '';
    throw fail(`'${without}' without a split, others with one`, 'name a split for every file, or for none');
  }
  if ([...named].every((split) => splitNamed(split) !== undefined)) {
    const entries = clips.map((clip): PlannedEntry => ({ ...clip, split: splitNamed(clip.split) ?? 'train' }));
    const whole = entries.some(({ split }) => split === 'valid') ? entries : withValidation(entries, seed);
    return { splits: threeSplits, splitMode: 'trainvaltest' as const, entries: whole };
  }
  const names = [...named].sort();
  if (names.length < 3) throw fail(names.join(', '), 'name them train, valid and test, or give three folds or more');
  const safe = foldNames(names.length);
  // Names that are no file names would be refused: folds are numbered in the order of their names.
  const entries = clips.map((clip): PlannedEntry => ({ ...clip, split: safe[names.indexOf(clip.split)] }));
  return { splits: safe, splitMode: 'presplit_kfold' as const, entries };
}

/** Endings of audio files that are looked for. */
export const audioExtensions: readonly string[] = [
  ...['.wav', '.flac', '.mp3', '.ogg', '.oga', '.opus', '.m4a', '.mp4', '.aac', '.aif', '.aiff', '.caf', '.webm'],
];

/** What a file is by its ending: undefined for neither. A `.csv` may be a table, and is no ECG here. */
export function modalityOfFile(path: string): PlannedTask['modality'] | undefined {
  const extension = extname(path).toLowerCase();
  if (audioExtensions.includes(extension)) return 'audio';
  const signals = [...ecgExtensions.filter((one) => one !== '.csv' && one !== '.tsv'), '.npy'];
  return signals.includes(extension) ? 'ecg' : undefined;
}

function modalityOf(clips: readonly LabelledClip[], task: string): PlannedTask['modality'] {
  const kinds = new Map(clips.map(({ clip }) => [modalityOfFile(clip.source), clip.source]));
  const [kind] = kinds.keys();
  if (kinds.size === 1 && kind !== undefined) return kind;
  throw new TaskError({
    asked: `files of task '${task}'`,
    found: `'${kinds.get(undefined) ?? [...kinds.values()].join("' and '")}'`,
    fix: 'pass audio files, or ECG records (.hea, .dat, .npy), not both',
  });
}
