import type { EmbeddedSplit } from '../embeddings/embedded-split.js';
import type { Task } from '@hearken/tasks';
import { constantEmbeddings } from './constant-embeddings.js';
import { inspectClips, type InspectClipsOptions } from './inspect-clips.node.js';
import { unseenLabels } from './unseen-labels.js';
import type { Warning } from './warning.js';

/**
 * All warnings about a task and its embeddings, once they are computed: near-silent clips, clips in two splits, labels
 * missing from training, embeddings that are all the same.
 *
 * @throws FileError if the cache of inspections cannot be written; the abort signal's reason
 */
export async function guardTask(
  task: Task,
  splits: ReadonlyMap<string, EmbeddedSplit>,
  options: InspectClipsOptions,
): Promise<Warning[]> {
  const { id, metadata, labels } = task;
  return [
    ...(await inspectClips(task, options)),
    ...unseenLabels({ id, metadata, labels, splits }),
    ...constantEmbeddings(id, splits.values()),
  ];
}
