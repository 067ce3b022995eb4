import { TaskError } from '@hearken/core';
import { standardLeads } from '@hearken/core';
import { taskKind } from '../kinds/registry.js';
import type { Grouping } from '../task.js';
import type { PlannedEntry, PlannedTask, PlanOptions } from './dataset.js';
import { divideClips, type Division } from './divide-clips.js';
import { modalityOfFile } from './file-kinds.js';
import { foldNames, labelsIn, splitNamed, threeSplits, withValidation } from './planned-splits.js';
import type { LabelledClip } from './planned-splits.js';

/** A clip with its split; '' if the data names none. */
export type SplitClip = LabelledClip & { readonly split: string };

/** What a task made from custom data is, in addition to its clips. */
export interface GenericTask {
  readonly name: string;
  readonly description: string;
  readonly predictionType: PlannedTask['predictionType'];
  /** Default: `scene`. */
  readonly embeddingType?: PlannedTask['embeddingType'];
  readonly grouping: Grouping;
  /** Labels in the vocabulary's order; default: those that occur, sorted. */
  readonly labels?: readonly string[];
}

/**
 * A task from clips whose splits may be named: train, valid and test (valid is made if missing), at least three folds
 * with any names, or nothing; then splits or folds by group are made.
 *
 * @throws TaskError if only some clips have a split, or if there are two folds
 */
export function genericTask(clips: readonly SplitClip[], about: GenericTask, options: PlanOptions): PlannedTask {
  const division = divide(clips, about, options);
  const ecg = modalityOf(clips, about.name) === 'ecg';
  const { embeddingType = 'scene', predictionType } = about;
  return {
    name: about.name,
    description: about.description,
    modality: ecg ? 'ecg' : 'audio',
    embeddingType,
    predictionType,
    evaluation: taskKind({ embeddingType, predictionType }).defaultMetrics[predictionType]!,
    labels: about.labels ?? labelsIn(clips),
    ...(ecg ? { leads: standardLeads } : {}),
    ...division,
    grouping: about.grouping,
  };
}

function divide(clips: readonly SplitClip[], about: GenericTask, options: PlanOptions): Division {
  const { seed } = options;
  const fail = (found: string, fix: string) => new TaskError({ asked: `splits of task '${about.name}'`, found, fix });
  const named = new Set(clips.map(({ split }) => split));
  if (named.size === 1 && named.has('')) {
    return divideClips(clips, about.name, { ...options, grouping: about.grouping, countLabels: true });
  }
  if (named.has('')) {
    const without = clips.find(({ split }) => split === '')?.clip.source ?? '';
    throw fail(`'${without}' without a split, others with one`, 'name a split for every file, or for none');
  }
  if ([...named].every((split) => splitNamed(split) !== undefined)) {
    const entries = clips.map((clip): PlannedEntry => ({ ...clip, split: splitNamed(clip.split) ?? 'train' }));
    const whole = entries.some(({ split }) => split === 'valid') ? entries : withValidation(entries, seed);
    return { splits: threeSplits, splitMode: 'trainvaltest', entries: whole, warnings: [] };
  }
  const names = [...named].sort();
  if (names.length < 3) throw fail(names.join(', '), 'name them train, valid and test, or make at least three folds');
  const safe = foldNames(names.length);
  // Names that cannot be file names would be refused: folds are numbered in the order of their names.
  const entries = clips.map((clip): PlannedEntry => ({ ...clip, split: safe[names.indexOf(clip.split)] }));
  return { splits: safe, splitMode: 'presplit_kfold', entries, warnings: [] };
}

/** The kind of a file named by a table or in a folder. CSVs here are ECGs, not tables. */
function kindOf(path: string): PlannedTask['modality'] | undefined {
  return /\.[ct]sv$/i.test(path) ? 'ecg' : modalityOfFile(path);
}

function modalityOf(clips: readonly LabelledClip[], task: string): PlannedTask['modality'] {
  const kinds = new Map(clips.map(({ clip }) => [kindOf(clip.source), clip.source]));
  const [kind] = kinds.keys();
  if (kinds.size === 1 && kind !== undefined) return kind;
  throw new TaskError({
    asked: `files of task '${task}'`,
    found: `'${kinds.get(undefined) ?? [...kinds.values()].join("' and '")}'`,
    fix: kinds.has(undefined)
      ? 'pass audio files, or ECG records such as .hea or .npy'
      : 'pass audio files or ECG records, not both',
  });
}
