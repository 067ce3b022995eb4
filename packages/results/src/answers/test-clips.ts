import { FileError } from '@hearken/core';
import type { Metric } from '@hearken/metrics';
import type { TestAnswers } from '@hearken/metrics/internal';
import { type ClipEntry, storedKind, storedKindNames } from '../kinds/registry.js';
import type { SharedByClips } from '../kinds/stored-kind.js';
import { isIndex, isListOf, isObject, isText } from './line-checks.js';

/** Incremented when the content of the file changes. */
const schemaVersion = 1;

/** The first line of the file: which task's test clips follow. */
export interface TestClipsHead extends SharedByClips {
  /** Version of this layout. */
  readonly schemaVersion: number;
  /** The task's id. */
  readonly task: string;
  /** Hash of what the task's folder holds. */
  readonly contentHash: string;
  /** Kind of task that the clips are scored as. */
  readonly kind: Metric['kind'];
  /** By index; the targets of a regression task. */
  readonly labels: readonly string[];
}

/** A line of the file: a test clip, its fold, the correct answer and, for events, the model's answer. */
export type TestClip = {
  /** Name of the test split. */
  readonly test: string;
  /** The clip's file name. */
  readonly clip: string;
  /** The number of its group, if the task names groups: clips of the same person share it. */
  readonly group?: number;
} & ClipEntry;

/** The test clips of a result. Together with its predictions, they are all that is needed to score it again. */
export interface TestClips extends TestClipsHead {
  /** In the order of the rows of the predictions, fold after fold. */
  readonly clips: readonly TestClip[];
}

/** The file of test clips, in JSON Lines: the head, then one line per clip. */
export function testClipsText(
  task: { readonly id: string; readonly contentHash: string },
  labels: readonly string[],
  answers: readonly TestAnswers[],
): string {
  const [first] = answers;
  const { kind } = first;
  const shared = storedKind(first).shared(first);
  const head: TestClipsHead = { schemaVersion, task: task.id, contentHash: task.contentHash, kind, labels, ...shared };
  const clips = answers.flatMap((fold) => clipEntries(fold, labels));
  return [head, ...clips].map((line) => `${JSON.stringify(line)}\n`).join('');
}

function clipEntries(answers: TestAnswers, labels: readonly string[]): TestClip[] {
  const { test, groups } = answers;
  const groupOf = (index: number) => (groups === undefined || groups[index] < 0 ? {} : { group: groups[index] });
  const entries = storedKind(answers).entries(answers, labels);
  return entries.map((entry, index) => ({ test, clip: answers.clips[index], ...groupOf(index), ...entry }));
}

/**
 * Parses a file of test clips.
 *
 * @throws FileError naming the line that is not valid
 */
export function parseTestClips(text: string, path: string): TestClips {
  const lines = text.split('\n');
  if (lines[lines.length - 1] === '') lines.pop();
  const parsed = lines.map((line, index) => parseLine(line, index, path));
  const [head, ...clips] = parsed;
  if (!isHead(head)) throw damaged(path, 'line 1 is not that of a test clips file, or of another version of it');
  const kind = storedKind(head);
  clips.forEach((clip, index) => {
    if (!isNamed(clip) || !kind.isEntry(clip, head.labels.length))
      throw damaged(path, `line ${index + 2} is not a test clip with ${head.kind} labels`);
  });
  return { ...head, clips: clips as TestClip[] };
}

function parseLine(line: string, index: number, path: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw damaged(path, `line ${index + 1} is not valid JSON`, cause);
  }
}

function damaged(path: string, found: string, cause?: unknown): FileError {
  return new FileError({ asked: `test clips '${path}'`, found, fix: 'run again with --force to rewrite it', cause });
}

function isHead(value: unknown): value is TestClipsHead {
  if (!isObject(value)) return false;
  if (value.schemaVersion !== schemaVersion || !storedKindNames.includes(value.kind as string)) return false;
  const isComplete = isText(value.task) && isText(value.contentHash) && isListOf(value.labels, isText);
  return isComplete && storedKind(value as unknown as TestClipsHead).isShared(value);
}

function isNamed(value: unknown): value is Record<string, unknown> {
  const isGroup = (group: unknown) => group === undefined || isIndex(group, 2 ** 31);
  return isObject(value) && isText(value.test) && isText(value.clip) && isGroup(value.group);
}
