import { join } from 'node:path';
import { writeFileInPlace } from '@hearken/core/node';
import type { Grouping } from '../task.js';
import { csvLine } from './csv-line.js';
import type { Dataset, PlannedTask } from './dataset.js';
import { clipExtension } from './recording.node.js';

/** Version of what the converters make; part of every task's name. */
export const conversionVersion = 'v1';

/** The edition that a conversion makes. */
const conversionMode = 'full';

/** The folder of a task: HEAR's `<name>-<version>-<mode>`. */
export function taskFolderName(task: Pick<PlannedTask, 'name'>): string {
  return `${task.name}-${conversionVersion}-${conversionMode}`;
}

/**
 * Writes all files of a task except its clips: `task_metadata.json`, `labelvocabulary.csv`, the splits' JSON, and
 * `clips.csv` with whatever else is known about each clip.
 *
 * @throws FileError if they cannot be written
 */
export async function writeTaskFiles(folder: string, task: PlannedTask, dataset: Dataset): Promise<void> {
  const write = (name: string, content: string) => {
    return writeFileInPlace(join(folder, name), content);
  };
  await write('task_metadata.json', `${JSON.stringify(metadataOf(task, dataset), null, 1)}\n`);
  const rows = task.labels.map((label, index) => csvLine([index, label]));
  await write('labelvocabulary.csv', `idx,label\n${rows.join('')}`);
  const extension = clipExtension(task.modality);
  for (const split of task.splits) {
    const entries = task.entries.filter((entry) => entry.split === split);
    const json = Object.fromEntries(entries.map(({ clip, content }) => [`${clip.name}${extension}`, content]));
    await write(`${split}.json`, `${JSON.stringify(json, null, 1)}\n`);
  }
  await write('clips.csv', clipsCsv(task, extension));
}

function metadataOf(task: PlannedTask, dataset: Dataset): Record<string, unknown> {
  return {
    task_name: task.name,
    version: conversionVersion,
    mode: conversionMode,
    description: task.description,
    embedding_type: task.embeddingType,
    prediction_type: task.predictionType,
    split_mode: task.splitMode,
    splits: task.splits,
    ...(task.splitMode === 'trainvaltest' ? {} : { nfolds: task.splits.length }),
    sample_duration: task.sampleDuration ?? null,
    evaluation: task.evaluation,
    ...(task.evaluationParams === undefined ? {} : { evaluation_params: task.evaluationParams }),
    modality: task.modality,
    ...(task.leads === undefined ? {} : { leads: task.leads }),
    ...(task.grouping === undefined ? {} : { grouping: groupingOf(task, task.grouping) }),
    dataset: {
      name: dataset.name,
      title: dataset.title,
      url: dataset.url,
      license: dataset.license,
      citation: dataset.citation,
    },
  };
}

/** The groups of `clips.csv`, with their number if they are named. */
function groupingOf({ entries }: PlannedTask, { state, by }: Grouping): Record<string, unknown> {
  return state === 'named' ? { state, by, count: new Set(entries.map(({ clip }) => clip.group)).size } : { state };
}

const ownColumns = ['clip', 'split', 'group', 'source', 'start', 'end'];

/**
 * One row per clip: file name, split, group, recording, seconds in it, then all metadata that any clip has. If nobody
 * named groups, there is no group column: one group per clip would look like an answer.
 */
function clipsCsv({ entries, grouping }: PlannedTask, extension: string): string {
  const isGrouped = grouping === undefined || grouping.state === 'named';
  const columns = [...new Set(entries.flatMap(({ clip }) => Object.keys(clip.metadata)))];
  const heading = columns.map((name) => (ownColumns.includes(name) ? `${name}_` : name));
  const lines = entries.map(({ clip, split }) =>
    csvLine([
      `${clip.name}${extension}`,
      split,
      ...(isGrouped ? [clip.group] : []),
      clip.source,
      clip.start ?? '',
      clip.end ?? '',
      ...columns.map((name) => clip.metadata[name] ?? ''),
    ]),
  );
  const own = ownColumns.filter((name) => isGrouped || name !== 'group');
  return csvLine([...own, ...heading]) + lines.join('');
}
