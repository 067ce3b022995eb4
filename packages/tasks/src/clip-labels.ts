import { TaskError } from '@hearken/core';
import { parseValues } from './kinds/regression.js';
import { isPathPart } from './metadata.js';
import { isRecord, shown } from '@hearken/core/internal';
import type { Clip, SoundEvent, TaskMetadata } from './task.js';

/** What a split's JSON is checked against. */
export interface SplitContext {
  /** The task's name in errors. */
  readonly task: string;
  /** The split's name. */
  readonly split: string;
  /** The label vocabulary. */
  readonly metadata: Pick<TaskMetadata, 'embeddingType' | 'predictionType'>;
  /** Labels by vocabulary index. */
  readonly labels: readonly string[];
}

/**
 * The clips of a split's JSON, in its order: `{file: [label, ...]}` for scenes, `{file: [{start, end, label}, ...]}` in
 * milliseconds for events, and numbers for regression, see `parseValues`. Labels that are numbers become text.
 *
 * @throws TaskError naming task, split and file of the first error
 */
export function parseClips(json: unknown, context: SplitContext): Clip[] {
  const asked = `split '${context.split}' of task '${context.task}'`;
  if (!isRecord(json)) {
    throw new TaskError({ asked, found: 'not a JSON object', fix: 'map each file name to its labels or events' });
  }
  const vocabulary = new Set(context.labels);
  const clips = Object.entries(json).map(([name, content]) => {
    const fail = (found: string, fix: string) => new TaskError({ asked: `${asked}, clip '${name}'`, found, fix });
    checkName(name, fail);
    if (context.metadata.predictionType === 'regression') {
      return { name, labels: [], events: [], values: parseValues(content, context.labels, fail) };
    }
    if (!Array.isArray(content)) throw fail('not a list', 'list its labels or events');
    if (context.metadata.embeddingType === 'event') {
      return { name, labels: [], events: content.map((event) => parseEvent(event, vocabulary, fail)) };
    }
    const labels = content.map((label) => parseLabel(label, vocabulary, fail));
    if (context.metadata.predictionType === 'multiclass' && labels.length !== 1) {
      throw fail(`${labels.length} labels in a multiclass task`, 'give each clip exactly one label');
    }
    return { name, labels, events: [] };
  });
  if (clips.length === 0) throw new TaskError({ asked, found: 'no clips', fix: 'give every split at least one clip' });
  return clips;
}

type Fail = (found: string, fix: string) => TaskError;

/** A clip's name is a path inside its split's folder. */
function checkName(name: string, fail: Fail): void {
  if (!name.split('/').every(isPathPart)) {
    const found = "a file name that leaves its split's folder, or has control characters";
    throw fail(found, 'name files inside that folder');
  }
}

function parseLabel(label: unknown, vocabulary: ReadonlySet<string>, fail: Fail): string {
  if (typeof label !== 'string' && typeof label !== 'number') {
    throw fail(`label ${shown(label)}`, 'write labels as text or numbers');
  }
  const text = String(label);
  if (!vocabulary.has(text))
    throw fail(`label '${text}', which is not in the vocabulary`, 'add it to labelvocabulary.csv');
  return text;
}

function parseEvent(event: unknown, vocabulary: ReadonlySet<string>, fail: Fail): SoundEvent {
  if (!isRecord(event)) throw fail('an event that is not an object', 'give start, end (in ms) and label');
  const { start, end } = event;
  if (typeof start !== 'number' || typeof end !== 'number' || !(start >= 0) || !Number.isFinite(end)) {
    throw fail(`an event from ${shown(start)} to ${shown(end)}`, 'give start and end in ms from the start of the clip');
  }
  if (end < start)
    throw fail(`an event that ends at ${end} ms, before its start at ${start} ms`, 'swap or correct them');
  return { label: parseLabel(event.label, vocabulary, fail), start, end };
}
