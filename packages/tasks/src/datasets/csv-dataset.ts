import { posix } from 'node:path';
import { OptionError, TaskError } from '@hearken/core';
import { clipName, taskNamePart } from './clip-names.js';
import { stopsConversion, unusableRecordings, type ClipProblem } from './clip-problems.js';
import type { Dataset, PlanOptions } from './dataset.js';
import { findRecording } from './find-recording.js';
import { genericTask, type SplitClip } from './generic-task.js';
import { numberIn, parseTable, yesOrNo, type TableRow } from './parse-table.js';
import type { SourceFolder } from './source-folder.node.js';
import { tableColumns, type TableColumns } from './table-columns.js';
import { eventClips, timesIn, type TimedRow } from './table-times.js';

/** Any files listed in a table. */
const csvDataset: Dataset = {
  name: 'csv',
  title: 'A table of files and labels',
  url: '',
  license: 'your own data',
  citation: '',
  layout:
    'a CSV with the columns file and label, optionally group, split, onset and offset, and any others; the files in the same folder or below',
  sampleRate: 'source',
  makes: 'one task, named by --name',
  expectedCounts: {},
  async plan(source, options) {
    const path = findTable(source, options.table);
    const table = parseTable(await source.readText(path), path);
    const columns = tableColumns(table, path, options);
    const predictionType = predictionTypeOf(columns, options);
    const { rows, problems } = readRows(table.rows, columns, predictionType, path, source, options);
    const events = columns.times !== undefined && options.times !== 'clips';
    const { grouping, notes } = columns;
    // If missing files stop the conversion, it does not matter which splits the others could have.
    const stopping = problems.some((problem) => stopsConversion(problem, options));
    if (stopping || rows.length === 0) throw unusableRecordings(source.folder, problems);
    const joined = events ? eventClips(rows) : { clips: rows.map(({ clip }) => clip), differing: [] };
    if (!events) checkTwice(rows);
    const task = genericTask(
      joined.clips,
      {
        name: taskNamePart(options.name ?? 'my_task'),
        description: `Files and labels of ${path}.`,
        predictionType,
        grouping,
        embeddingType: events ? 'event' : 'scene',
        ...(predictionType === 'regression' || columns.labels.length > 1 ? { labels: columns.labels } : {}),
      },
      options,
    );
    return {
      tasks: [task],
      counts: { files: joined.clips.length },
      warnings: [],
      notes: [...notes, ...timeNotes(columns, events, joined.differing)],
      problems,
      grouping,
    };
  },
};

export default csvDataset;

/** Sentences about columns of times. */
function timeNotes({ times }: TableColumns, events: boolean, differing: readonly string[]): string[] {
  if (times === undefined) return [];
  const named = `'${times.start.name}' and '${times.end.name}'`;
  const what = events
    ? 'are read as events in their files; --times clips cuts each row out as a clip instead'
    : 'cut each row out as a clip';
  const notes = [`Columns ${named} ${what}.`];
  if (!times.unitSaid) notes.push(`Columns ${named} are read as seconds; change this with --time-unit ms.`);
  if (differing.length > 0) {
    notes.push(`Columns that differ between events of one file are left out: ${differing.join(', ')}.`);
  }
  return notes;
}

/** The requested table, or the only one. */
function findTable(source: SourceFolder, asked: string | undefined): string {
  if (asked !== undefined) {
    const plain = posix.normalize(asked.replace(/\\/g, '/'));
    if (source.has(plain)) return plain;
    throw new OptionError({
      asked: `table '${asked}'`,
      found: source.links.get(plain) ?? `no such file in '${source.folder}'`,
      fix: 'give its path relative to the source folder',
    });
  }
  const tables = source.files.filter((path) => /\.(csv|tsv)$/i.test(path));
  const top = tables.filter((path) => !path.includes('/'));
  const [only, ...more] = top.length > 0 ? top : tables;
  if (only !== undefined && more.length === 0) return only;
  throw new TaskError({
    asked: `table of files in '${source.folder}'`,
    found: only === undefined ? 'no CSV' : `${more.length + 1}: ${[only, ...more].slice(0, 4).join(', ')}`,
    fix: 'name one with --table',
  });
}

/** Reads each row: its file, which may be missing, its labels and its times. */
function readRows(
  rows: readonly TableRow[],
  columns: TableColumns,
  predictionType: string,
  path: string,
  source: SourceFolder,
  options: PlanOptions,
): { rows: TimedRow[]; problems: ClipProblem[] } {
  const problems: ClipProblem[] = [];
  const found = rows.flatMap((row) => {
    const written = row.get(columns.file);
    if (written === '') throw row.fail(`no ${columns.file}`, 'name a file, or remove the line');
    const recording = findRecording(row, written, path, source);
    if ('file' in recording) return [{ row, file: recording.file }];
    problems.push(recording.problem);
    return [];
  });
  const names = shortNames(found.map(({ file }) => file));
  const cuts = new Map<string, number>();
  const timed = found.map(({ row, file }): TimedRow => {
    const group = columns.group === undefined ? file : row.get(columns.group);
    if (group === '') {
      throw row.fail(
        `no ${columns.group}`,
        'name the person (or a different one for each file), or pass --group-column none',
      );
    }
    const times = columns.times === undefined ? undefined : timesIn(row, columns.times);
    const place = cuts.get(file) ?? 0;
    cuts.set(file, place + 1);
    const name = names.get(file) ?? clipName(file);
    const cut = columns.times !== undefined && options.times === 'clips';
    if (cut && times === undefined) throw row.fail('no start and end', 'write both, in seconds');
    const clip: SplitClip = {
      clip: {
        name: cut ? `${name}_${String(place).padStart(3, '0')}` : name,
        source: file,
        group,
        ...(cut ? times : {}),
        metadata: Object.fromEntries(columns.metadata.map((one) => [one, row.get(one)])),
      },
      content: contentOf(row, columns, predictionType, options.labelSeparator),
      split: columns.split === undefined ? '' : row.get(columns.split),
    };
    return { row, clip, times };
  });
  return { rows: timed, problems };
}

/** Without times, a file has one row: two rows would be two contradictory answers. */
function checkTwice(rows: readonly TimedRow[]): void {
  const lines = new Map<string, number>();
  for (const { row, clip } of rows) {
    if (clip.clip.start !== undefined) continue;
    const before = lines.get(clip.clip.source);
    if (before !== undefined) {
      throw row.fail(
        `'${clip.clip.source}' a second time, after line ${before}`,
        'keep one row per file; several labels go into one cell (--label-separator), events need onset and offset',
      );
    }
    lines.set(clip.clip.source, row.line);
  }
}

/** Names of clips: the file's name if that is unique, else its path. */
export function shortNames(files: readonly string[]): Map<string, string> {
  const stem = (path: string) => clipName(posix.basename(path, posix.extname(path)));
  const distinct = new Set(files);
  const stems = new Set([...distinct].map((path) => stem(path).toLowerCase()));
  const unique = stems.size === distinct.size;
  return new Map(files.map((path) => [path, unique ? stem(path) : clipName(path.replace(/\.[^./]*$/, ''))]));
}

function predictionTypeOf({ labels, times }: TableColumns, options: PlanOptions) {
  const asked = options.predictionType;
  if (times !== undefined && options.times !== 'clips') {
    if (asked === undefined || asked === 'multilabel') return 'multilabel';
    throw new OptionError({
      asked: `prediction type ${asked}`,
      found: `events, because the table has '${times.start.name}' and '${times.end.name}'`,
      fix: 'cut each row out as a clip with --times clips, or keep the two as metadata with --metadata-column',
    });
  }
  const several = labels.length > 1 || options.labelSeparator !== undefined;
  const type = asked ?? (several ? 'multilabel' : 'multiclass');
  if (type !== 'regression' || (labels.length === 1 && options.labelSeparator === undefined)) return type;
  throw new OptionError({
    asked: `regression on ${labels.length} columns`,
    found: 'a task has one target',
    fix: 'choose one label column with numbers',
  });
}

function contentOf(
  row: TableRow,
  { labels: columns }: Pick<TableColumns, 'labels'>,
  predictionType: string,
  separator: string | undefined,
): readonly string[] | number {
  if (predictionType === 'regression') return numberIn(row, columns[0]);
  if (columns.length > 1) return columns.filter((name) => yesOrNo(row, name) === true);
  const cell = row.get(columns[0]);
  const labels = separator === undefined ? [cell] : cell.split(separator).map((label) => label.trim());
  const named = [...new Set(labels.filter((label) => label !== ''))];
  if (predictionType === 'multiclass' && named.length !== 1) {
    throw row.fail(
      `${named.length} labels in ${columns[0]}`,
      'write one, or pass --label-separator for a multilabel task',
    );
  }
  return named;
}
