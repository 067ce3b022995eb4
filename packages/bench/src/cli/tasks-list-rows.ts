import { type HearCategory, type HearTask, hearTasks, type Task } from '@hearken/tasks';
import { bestHear2021Score } from '@hearken/results/internal';
import type { OpenedTask } from '../run/open-tasks.node.js';
import { tableText } from './table.js';

/** A row of the list; null for unknown values. */
interface TaskRow {
  /** `taskName-version-mode` */
  readonly task: string;
  /** Name on HEAR's leaderboard; null for tasks that are not HEAR's, as are the category and the best score. */
  readonly title: string | null;
  readonly category: HearCategory | null;
  readonly modality: Task['metadata']['modality'];
  readonly embedding: Task['metadata']['embeddingType'];
  readonly prediction: Task['metadata']['predictionType'];
  readonly split: Task['metadata']['splitMode'];
  /** 1 for tasks with train, valid and test. */
  readonly folds: number;
  readonly labels: number | null;
  /** Number of clips on disk; for a task that is not there, the published number. */
  readonly clips: number;
  /** Sample rates in Hz. */
  readonly sampleRates: readonly number[] | null;
  /** The deciding metric. */
  readonly metric: string;
  readonly metrics: readonly string[] | null;
  /** The score and name of the best HEAR 2021 submission. */
  readonly bestHear2021: number | null;
  readonly bestModel: string | null;
  /** Folder on this machine; null if there is none. */
  readonly folder: string | null;
  /** Downloaded archive of a task without a folder. */
  readonly archive: string | null;
}

/** What was passed as a task but is not one, and why. */
interface UnreadableRow {
  readonly task: string;
  readonly error: string;
}

/** The row of a task that was opened. */
export function openedTaskRow(item: OpenedTask): TaskRow | UnreadableRow {
  if ('error' in item) return { task: item.path, error: item.error.message };
  const { id, metadata, labels, splits, sampleRates, folder } = item.task;
  return {
    task: id,
    ...hearFacts(hearTasks.find(({ folders }) => folders.some((one) => one.id === id))),
    modality: metadata.modality,
    embedding: metadata.embeddingType,
    prediction: metadata.predictionType,
    split: metadata.splitMode,
    folds: metadata.splitMode === 'trainvaltest' ? 1 : splits.size,
    labels: labels.length,
    clips: [...splits.values()].reduce((sum, clips) => sum + clips.length, 0),
    sampleRates,
    metric: metadata.evaluation[0],
    metrics: metadata.evaluation,
    folder,
    archive: null,
  };
}

/**
 * Rows of HEAR's tasks, in the leaderboard's order.
 *
 * @param listed ids of tasks that have a row already
 * @param archives downloaded archives, by the id of the task
 */
export function knownTaskRows(listed: ReadonlySet<string>, archives: ReadonlyMap<string, string>): TaskRow[] {
  return hearTasks.flatMap((hearTask) =>
    hearTask.folders
      .filter(({ id }) => !listed.has(id))
      .map(({ id }) => ({
        task: id,
        ...hearFacts(hearTask),
        modality: 'audio' as const,
        embedding: hearTask.embeddingType,
        prediction: hearTask.predictionType,
        split: hearTask.splitMode,
        folds: hearTask.folds,
        labels: hearTask.labels ?? null,
        clips: hearTask.clips,
        sampleRates: null,
        metric: hearTask.metric,
        metrics: null,
        folder: null,
        archive: archives.get(id) ?? null,
      })),
  );
}

function hearFacts(task: HearTask | undefined): Pick<TaskRow, 'title' | 'category' | 'bestHear2021' | 'bestModel'> {
  if (task === undefined) return { title: null, category: null, bestHear2021: null, bestModel: null };
  const { score, model } = bestHear2021Score(task.title);
  return { title: task.title, category: task.category, bestHear2021: score, bestModel: model };
}

const columns = [
  'task',
  'on disk',
  'category',
  'modality',
  'embedding',
  'prediction',
  'folds',
  'labels',
  'clips',
  'Hz',
  'metrics',
  'best 2021',
] as const;

/** The rows as a table. Columns without values are left out; so is the `on disk` column if all tasks are there. */
export function taskTable(rows: readonly (TaskRow | UnreadableRow)[]): string {
  const cells = rows.map(cellsOf);
  const isAllHere = cells.every((row) => row['on disk'] === 'yes');
  const shown = columns.filter((column) =>
    column === 'on disk' ? !isAllHere : column === 'task' || cells.some((row) => (row[column] ?? '') !== ''),
  );
  const texts = cells.map((row) => shown.map((column) => row[column] ?? ''));
  return tableText(shown, texts, ['folds', 'labels', 'clips', 'best 2021']);
}

function cellsOf(row: TaskRow | UnreadableRow): Partial<Record<(typeof columns)[number], string>> {
  if ('error' in row) return { task: row.task, 'on disk': 'not readable' };
  return {
    task: row.task,
    'on disk': row.folder !== null ? 'yes' : row.archive !== null ? 'archive' : '',
    category: row.category ?? '',
    modality: row.modality,
    embedding: row.embedding,
    prediction: row.prediction,
    folds: row.folds === 1 ? '' : String(row.folds),
    labels: row.labels === null ? '' : String(row.labels),
    clips: String(row.clips),
    Hz: row.sampleRates?.join(', ') ?? '',
    metrics: row.metrics?.join(', ') ?? row.metric,
    'best 2021': row.bestHear2021?.toFixed(4) ?? '',
  };
}
