import { TaskError } from '@hearken/core';
import { taskKind } from './kinds/registry.js';
import type { ContentFault } from './kinds/task-kind.js';
import { isPathPart } from './metadata.js';
import { isRecord } from '@hearken/core/internal';
import type { Clip, TaskMetadata } from './task.js';

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
 * milliseconds for events, and numbers for regression, see `readValues`. Labels that are numbers become text.
 *
 * @throws TaskError naming task, split and file of the first error
 */
export function parseClips(json: unknown, context: SplitContext): Clip[] {
  const asked = `split '${context.split}' of task '${context.task}'`;
  if (!isRecord(json)) {
    throw new TaskError({ asked, found: 'not a JSON object', fix: 'map each file name to its labels or events' });
  }
  const { labels, metadata } = context;
  const { predictionType } = metadata;
  const kind = taskKind(metadata);
  const vocabulary = new Set(labels);
  const clips = Object.entries(json).map(([name, content]) => {
    const fail = (found: string, fix: string) => new TaskError({ asked: `${asked}, clip '${name}'`, found, fix });
    checkName(name, fail);
    return { name, ...kind.readContent(content, { predictionType, labels, vocabulary, fail }) };
  });
  if (clips.length === 0) throw new TaskError({ asked, found: 'no clips', fix: 'give every split at least one clip' });
  return clips;
}

/** A clip's name is a path inside its split's folder. */
function checkName(name: string, fail: ContentFault): void {
  if (!name.split('/').every(isPathPart)) {
    const found = "a file name that leaves its split's folder, or has control characters";
    throw fail(found, 'name files inside that folder');
  }
}
