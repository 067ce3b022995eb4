import { TaskError, didYouMean } from '@hearken/core';
import { isRecord, parseJson, shown } from '@hearken/core/internal';
import { embeddingTypes, findTaskKind, predictionTypes } from './kinds/registry.js';
import type { Grouping, TaskMetadata } from './task.js';

const splitModes = ['trainvaltest', 'new_split_kfold', 'presplit_kfold'] as const;
const modalities = ['audio', 'ecg'] as const;
const groupingStates = ['named', 'none', 'unknown'] as const;

/** `task_metadata.json`: the part that the evaluation uses, and the names of the splits. */
export interface ParsedMetadata {
  /** The part that the evaluation uses. */
  readonly metadata: TaskMetadata;
  /** `train`, `valid`, `test`, or the names of the folds. */
  readonly splits: readonly string[];
}

/**
 * Parses and checks `task_metadata.json`. Unknown keys are ignored, as heareval does. In addition to HEAR's keys, the
 * prediction type `regression` is for labels that are numbers, `modality` (`audio` or `ecg`) and `leads` (lead names)
 * are for other signals, and `grouping` says which clips belong together.
 *
 * @param text the file's content
 * @param name the file's name in errors
 * @throws TaskError naming the missing or wrong key
 */
export function parseMetadata(text: string, name: string): ParsedMetadata {
  const json = parseJson(text, name);
  if (!isRecord(json)) {
    throw new TaskError({ asked: `metadata '${name}'`, found: 'not a JSON object', fix: "see HEAR's task format" });
  }
  const keys = keyReader(json, name);
  const splitMode = keys.oneOf('split_mode', splitModes);
  const evaluation = keys.strings('evaluation');
  if (evaluation.length === 0) throw keys.fail('evaluation', 'no metric', 'name at least one metric');
  const duration = json.sample_duration ?? null;
  if (duration !== null && !(typeof duration === 'number' && duration > 0 && Number.isFinite(duration))) {
    throw keys.fail('sample_duration', shown(duration), 'give seconds, or null if clips have different lengths');
  }
  const embeddingType = keys.oneOf('embedding_type', embeddingTypes);
  const predictionType = keys.oneOf('prediction_type', predictionTypes);
  if (findTaskKind({ embeddingType, predictionType }) === undefined) {
    throw keys.fail(
      'prediction_type',
      `${shown(predictionType)} in an ${embeddingType} task`,
      'numbers belong to whole clips: make it a scene task',
    );
  }
  const metadata: TaskMetadata = {
    taskName: keys.pathPart('task_name'),
    version: keys.pathPart('version'),
    embeddingType,
    predictionType,
    splitMode,
    mode: json.mode === undefined ? 'full' : keys.pathPart('mode'),
    sampleDuration: duration,
    evaluation,
    modality: json.modality === undefined ? 'audio' : keys.oneOf('modality', modalities),
    leads: json.leads === undefined ? [] : keys.strings('leads'),
    useScoringForEarlyStopping: json.use_scoring_for_early_stopping !== false,
    evaluationParams: isRecord(json.evaluation_params) ? json.evaluation_params : {},
    ...(json.grouping === undefined ? {} : { grouping: groupingOf(json.grouping, keys) }),
  };
  return { metadata, splits: splitNames(splitMode, json, keys) };
}

function groupingOf(json: unknown, keys: KeyReader): Grouping {
  const state = isRecord(json) ? groupingStates.find((known) => known === json.state) : undefined;
  if (!isRecord(json) || state === undefined) {
    throw keys.fail('grouping', shown(json), `give an object whose state is ${groupingStates.join(', ')}`);
  }
  const { by } = json;
  if (by === undefined) return { state };
  if (typeof by !== 'string' || by.length > 200)
    throw keys.fail('grouping', shown(by), 'say what the groups are, in a few words');
  return { state, by };
}

function splitNames(mode: TaskMetadata['splitMode'], json: Record<string, unknown>, keys: KeyReader): string[] {
  const named = json.splits === undefined ? undefined : keys.strings('splits');
  named?.forEach((split) => {
    if (!isPathPart(split)) throw keys.fail('splits', shown(split), 'use plain names');
  });
  if (named !== undefined && new Set(named).size !== named.length) {
    throw keys.fail('splits', 'a split named twice', 'name every split once');
  }
  if (mode === 'trainvaltest') {
    const missing = ['train', 'valid', 'test'].find((split) => named !== undefined && !named.includes(split));
    if (missing !== undefined) throw keys.fail('splits', `no '${missing}'`, 'name train, valid and test');
    return ['train', 'valid', 'test'];
  }
  if (named !== undefined) return named;
  const folds = json.nfolds;
  if (typeof folds !== 'number' || !Number.isInteger(folds) || folds < 1 || folds > 100) {
    throw keys.fail('splits', `neither splits nor a usable nfolds (${shown(folds)})`, 'name the folds in splits');
  }
  return Array.from({ length: folds }, (_, index) => `fold${String(index).padStart(2, '0')}`);
}

interface KeyReader {
  fail(key: string, found: string, fix: string): TaskError;
  oneOf<Choice extends string>(key: string, choices: readonly Choice[]): Choice;
  strings(key: string): string[];
  pathPart(key: string): string;
}

function keyReader(json: Record<string, unknown>, name: string): KeyReader {
  const fail = (key: string, found: string, fix: string) =>
    new TaskError({ asked: `'${key}' in '${name}'`, found, fix });
  return {
    fail,
    oneOf(key, choices) {
      const value = json[key];
      const choice = choices.find((candidate) => candidate === value);
      if (choice !== undefined) return choice;
      const near = typeof value === 'string' ? didYouMean(value, choices) : '';
      throw fail(key, shown(value), `${near}known: ${choices.join(', ')}`);
    },
    strings(key) {
      const value = json[key];
      if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) {
        throw fail(key, shown(value), 'give a list of strings');
      }
      return value as string[];
    },
    pathPart(key) {
      const value = json[key];
      const text = typeof value === 'number' ? String(value) : value;
      if (typeof text !== 'string' || !isPathPart(text)) {
        throw fail(key, shown(value), 'give a name that can be part of a file name');
      }
      return text;
    },
  };
}

/** Whether `text` is safe as one part of a path on every system. */
export function isPathPart(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return text !== '' && text.length <= 200 && !/^\.\.?$|[/\\\u0000-\u001f\u007f-\u009f]/.test(text);
}
