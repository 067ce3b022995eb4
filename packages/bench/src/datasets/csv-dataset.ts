import { posix } from 'node:path';
import { OptionError, TaskError } from '@hearken/core';
import { clipName, taskNamePart } from './clip-names.js';
import type { Dataset, PlanOptions } from './dataset.js';
import { genericTask, rateOf, type SplitClip } from './generic-task.js';
import { numberIn, parseTable, yesOrNo, type Table, type TableRow } from './parse-table.js';
import type { SourceFolder } from './source-folder.node.js';

/** Any files that a table names. */
const csvDataset: Dataset = {
  name: 'csv',
  title: 'A table of files and labels',
  url: '',
  license: "your data's own",
  citation: '',
  layout:
    'a CSV with columns file, label, and if you like group, split, and any others; the files below the same folder',
  sampleRate: 16_000,
  makes: 'one task, named by --name',
  expectedCounts: {},
  async plan(source, options) {
    const path = findTable(source, options.table);
    const fileColumn = options.fileColumn ?? 'file';
    const labelColumns = options.labelColumns ?? ['label'];
    const required = [fileColumn, ...labelColumns, options.groupColumn, options.splitColumn];
    const table = parseTable(await source.readText(path), path, {
      required: required.filter((name) => name !== undefined),
    });
    const groupColumn = options.groupColumn ?? optional(table, 'group');
    const splitColumn = options.splitColumn ?? optional(table, 'split');
    const used = [fileColumn, ...labelColumns, groupColumn, splitColumn];
    const metadataColumns =
      options.metadataColumns ?? table.columns.filter((name) => name !== '' && !used.includes(name));
    const unknown = metadataColumns.find((name) => !table.columns.includes(name));
    if (unknown !== undefined) {
      const fix = `known: ${table.columns.join(', ')}`;
      throw new OptionError({ asked: `metadata column '${unknown}'`, found: `none in '${path}'`, fix });
    }
    const predictionType = predictionTypeOf(labelColumns, options);
    const names = shortNames(table.rows.map((row) => fileOf(row, row.get(fileColumn), path, source)));
    const clips = table.rows.map((row): SplitClip => {
      const file = fileOf(row, row.get(fileColumn), path, source);
      const group = groupColumn === undefined ? file : row.get(groupColumn);
      if (group === '') throw row.fail(`no ${groupColumn}`, 'name the person, or one of their own for each file');
      return {
        clip: {
          name: names.get(file) ?? clipName(file),
          source: file,
          group,
          metadata: Object.fromEntries(metadataColumns.map((name) => [name, row.get(name)])),
        },
        content: contentOf(row, labelColumns, predictionType, options.labelSeparator),
        split: splitColumn === undefined ? '' : row.get(splitColumn),
      };
    });
    const task = genericTask(
      clips,
      {
        name: taskNamePart(options.name ?? 'my_task'),
        description: `Files and labels of ${path}.`,
        predictionType,
        ...(predictionType === 'regression' || labelColumns.length > 1 ? { labels: labelColumns } : {}),
      },
      options,
    );
    const warnings = groupColumn === undefined ? [noGroups] : [];
    return { tasks: [task], counts: { files: clips.length }, warnings, ...rateOf(task) };
  },
};

export default csvDataset;

/** What is said where nobody named the people. */
export const noGroups =
  'No group was named: every file counts as a person of its own, and one person may be in train and test.';

function optional(table: Table, name: string): string | undefined {
  return table.columns.includes(name) ? name : undefined;
}

/** The table asked for, or the only one. */
function findTable(source: SourceFolder, asked: string | undefined): string {
  if (asked !== undefined) {
    const plain = posix.normalize(asked.replace(/\\/g, '/'));
    if (source.has(plain)) return plain;
    throw new OptionError({
      asked: `table '${asked}'`,
      found: `no such file in '${source.folder}'`,
      fix: 'name it relative to the source folder',
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

/** A file that a row names: relative to the source folder, or to the table's own. */
export function fileOf(row: TableRow, written: string, table: string, source: SourceFolder): string {
  const plain = posix.normalize(written.replace(/\\/g, '/'));
  const found = [plain, posix.join(posix.dirname(table), plain)].find((path) => source.has(path));
  if (found !== undefined) return found;
  const named = source.named(posix.basename(plain));
  const hint = named.length === 1 ? `write '${named[0]}'` : 'write its path relative to the source folder';
  throw row.fail(`no file '${written.slice(0, 200)}'`, hint);
}

/** File names of clips: the file's own where that tells all apart, else its path. Twice the same file is refused later. */
export function shortNames(files: readonly string[]): Map<string, string> {
  const stem = (path: string) => clipName(posix.basename(path, posix.extname(path)));
  const distinct = new Set(files);
  const stems = new Set([...distinct].map((path) => stem(path).toLowerCase()));
  const unique = stems.size === distinct.size;
  return new Map(files.map((path) => [path, unique ? stem(path) : clipName(path.replace(/\.[^./]*$/, ''))]));
}

function predictionTypeOf(labelColumns: readonly string[], options: PlanOptions) {
  const several = labelColumns.length > 1 || options.labelSeparator !== undefined;
  const type = options.predictionType ?? (several ? 'multilabel' : 'multiclass');
  if (type !== 'regression' || (labelColumns.length === 1 && options.labelSeparator === undefined)) return type;
  throw new OptionError({
    asked: `regression on ${labelColumns.length} columns`,
    found: 'one target is made at a time',
    fix: 'name one label column of numbers',
  });
}

function contentOf(
  row: TableRow,
  columns: readonly string[],
  predictionType: string,
  separator: string | undefined,
): SplitClip['content'] {
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
