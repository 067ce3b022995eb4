import { FileError } from '@hearken/core';
import { isCinc2020Weights, type SceneAnswerScoring, type SoundEvent } from '@hearken/metrics';
import type { TestAnswers } from '@hearken/metrics/internal';

/** Raised when what the file holds changes. */
const schemaVersion = 1;

/** The first line of the file: which task's test clips follow. */
export interface TestClipsHead {
  /** Version of this layout. */
  readonly schemaVersion: number;
  /** The task's id. */
  readonly task: string;
  /** Hash of what the task's folder holds. */
  readonly contentHash: string;
  /** What the clips are scored as. */
  readonly kind: 'scene' | 'regression' | 'event';
  /** By index; the targets of a regression task. */
  readonly labels: readonly string[];
  /** Scene tasks: what metrics need to know of the labels. */
  readonly scoring?: Pick<SceneAnswerScoring, 'predictionType' | 'settings'>;
}

/** An event as `[start, end, label]`: in ms from the clip's start, and the label's index. */
export type ListedEvent = readonly [start: number, end: number, label: number];

/** A line of the file: a test clip, its fold, what is right and, for events, also what was answered. */
export type TestClip = {
  /** Name of the test split. */
  readonly test: string;
  /** The clip's file name. */
  readonly clip: string;
  /** The number of its group, where the task names groups: clips of one person have the same. */
  readonly group?: number;
} & (
  | {
      /** Scene tasks: indices of the labels that it has. */
      readonly labels: readonly number[];
    }
  | {
      /** Regression tasks: what was measured, a number a target. */
      readonly values: readonly number[];
    }
  | {
      /** Event tasks: the annotated events. */
      readonly reference: readonly ListedEvent[];
      /** Event tasks: the events that were detected. */
      readonly estimated: readonly ListedEvent[];
    }
);

/** The test clips of a result: with its predictions, everything that scoring it again needs. */
export interface TestClips extends TestClipsHead {
  /** In the order of the predictions' rows, the folds one after the other. */
  readonly clips: readonly TestClip[];
}

/** The file of test clips: JSON Lines, the head and then a line a clip. */
export function testClipsText(
  task: { readonly id: string; readonly contentHash: string },
  labels: readonly string[],
  answers: readonly TestAnswers[],
): string {
  const [first] = answers;
  const { kind } = first;
  const { predictionType, settings } = first.kind === 'scene' ? (first.scoring ?? {}) : {};
  const scoring = predictionType === undefined ? {} : { scoring: { predictionType, settings } };
  const head: TestClipsHead = { schemaVersion, task: task.id, contentHash: task.contentHash, kind, labels, ...scoring };
  const clips = answers.flatMap((fold) => clipEntries(fold, labels));
  return [head, ...clips].map((line) => `${JSON.stringify(line)}\n`).join('');
}

function clipEntries(answers: TestAnswers, labels: readonly string[]): TestClip[] {
  const { test, groups } = answers;
  const groupOf = (index: number) => (groups === undefined || groups[index] < 0 ? {} : { group: groups[index] });
  if (answers.kind === 'scene') {
    const { clips, targets } = answers;
    const labelsOf = (clip: number) =>
      Array.from(labels.keys()).filter((label) => targets[clip * labels.length + label] === 1);
    return clips.map((clip, index) => ({ test, clip, ...groupOf(index), labels: labelsOf(index) }));
  }
  if (answers.kind === 'regression') {
    const { clips, values } = answers;
    const width = labels.length;
    return clips.map((clip, index) => ({
      test,
      clip,
      ...groupOf(index),
      values: [...values.subarray(index * width, (index + 1) * width)],
    }));
  }
  const indexOf = new Map(labels.map((label, index) => [label, index]));
  const listed = ({ start, end, label }: SoundEvent): ListedEvent => [start, end, indexOf.get(label)!];
  const { clips, reference, estimated } = answers;
  return clips.map((clip, index) => ({
    test,
    clip,
    ...groupOf(index),
    reference: reference[index].map(listed),
    estimated: estimated[index].map(listed),
  }));
}

/**
 * Parses a file of test clips.
 *
 * @throws FileError naming the line for anything that is not one
 */
export function parseTestClips(text: string, path: string): TestClips {
  const lines = text.split('\n');
  if (lines[lines.length - 1] === '') lines.pop();
  const parsed = lines.map((line, index) => parseLine(line, index, path));
  const [head, ...clips] = parsed;
  if (!isHead(head)) throw damaged(path, 'another kind of file, or another version of it, in line 1');
  const isClip = { scene: isScene, regression: isMeasured, event: isFile }[head.kind](head.labels.length);
  clips.forEach((clip, index) => {
    if (!isClip(clip)) throw damaged(path, `no test clip of ${head.kind} labels in line ${index + 2}`);
  });
  return { ...head, clips: clips as TestClip[] };
}

function parseLine(line: string, index: number, path: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw damaged(path, `no JSON in line ${index + 1}`, cause);
  }
}

function damaged(path: string, found: string, cause?: unknown): FileError {
  return new FileError({ asked: `test clips '${path}'`, found, fix: 'run again with --force to write it anew', cause });
}

function isHead(value: unknown): value is TestClipsHead {
  if (!isObject(value)) return false;
  const kinds: unknown[] = ['scene', 'regression', 'event'];
  const known = value.schemaVersion === schemaVersion && kinds.includes(value.kind) && isScoring(value.scoring);
  return known && isText(value.task) && isText(value.contentHash) && isListOf(value.labels, isText);
}

function isScene(labels: number): (value: unknown) => boolean {
  const isLabel = (value: unknown) => isIndex(value, labels);
  return (value) => isNamed(value) && isListOf(value.labels, isLabel);
}

function isMeasured(targets: number): (value: unknown) => boolean {
  return (value) =>
    isNamed(value) && isListOf(value.values, isFiniteNumber) && (value.values as readonly number[]).length === targets;
}

/** Whether what metrics need to know is what they take it for; files without it are of older versions. */
function isScoring(value: unknown): boolean {
  if (value === undefined) return true;
  if (!isObject(value) || (value.predictionType !== 'multiclass' && value.predictionType !== 'multilabel'))
    return false;
  const { settings } = value;
  if (settings === undefined) return true;
  if (!isObject(settings)) return false;
  const { positiveLabel = '', normalLabel = '', cinc2020Weights } = settings;
  return (
    isText(positiveLabel) &&
    isText(normalLabel) &&
    (cinc2020Weights === undefined || isCinc2020Weights(cinc2020Weights))
  );
}

function isFile(labels: number): (value: unknown) => boolean {
  const isEvent = (value: unknown) => {
    if (!Array.isArray(value) || value.length !== 3) return false;
    const [start, end, label] = value as unknown[];
    return isFiniteNumber(start) && isFiniteNumber(end) && start <= end && isIndex(label, labels);
  };
  return (value) => isNamed(value) && isListOf(value.reference, isEvent) && isListOf(value.estimated, isEvent);
}

function isNamed(value: unknown): value is Record<string, unknown> {
  const isGroup = (group: unknown) => group === undefined || isIndex(group, 2 ** 31);
  return isObject(value) && isText(value.test) && isText(value.clip) && isGroup(value.group);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isIndex(value: unknown, count: number): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < count;
}
