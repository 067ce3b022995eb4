import { TaskError } from '@hearken/core';
import { standardLeads } from '@hearken/core';
import type { Grouping } from '../task.js';
import { clipName, taskNamePart } from './clip-names.js';
import { unusableRecordings, type ClipProblem } from './clip-problems.js';
import type { Dataset, PlannedEntry, PlannedTask } from './dataset.js';
import type { PlannedClip } from './planned-clip.js';
import { missingRecording } from './find-recording.js';
import { numberIn, parseTable, type Table, type TableRow } from './parse-table.js';
import { splitNamed, threeSplits, withValidation } from './planned-splits.js';
import type { SourceFolder } from './source-folder.node.js';

/**
 * `cpsc_train_0.csv`, `georgia_test.csv`, `sph_val_small.csv`: dataset, part, and the fold or edition if there are
 * several.
 */
const tableName = /^(.+?)_(train|val|valid|test)(?:_?(\d{1,2})|_([a-z]{2,12}))?\.csv$/i;

/** Columns that are not labels. */
const ownColumns = ['', 'filename', 'age', 'sex', 'group', 'patient_id', 'memmap_idx', 'site', 'device'];

/** The splits published by HuBERT-ECG's authors: CSVs of file names and labels, with records next to them. */
const hubertEcg: Dataset = {
  name: 'hubert-ecg',
  title: "HuBERT-ECG's splits of CPSC, CPSC-Extra, Georgia, Chapman, Ningbo, PTB, SaMi-Trop, Hefei and SPH",
  url: 'https://github.com/Edoar-do/HuBERT-ECG (folder reproducibility)',
  license: 'CC BY-NC 4.0 for the splits; the records have their own',
  citation:
    'Coppola et al. 2024, "HuBERT-ECG as a self-supervised foundation model for broad and scalable cardiac applications", medRxiv 2024.11.14.24317328; and the source of the records',
  layout:
    '<dataset>_train[_<fold>].csv, <dataset>_val[...].csv, <dataset>_test[...].csv, and the records in any folder: .npy of [12, samples] at 500 Hz, or WFDB .hea',
  sampleRate: 500,
  makes: 'hubert_ecg_<dataset>[_<fold>] for each CSV of training records',
  expectedCounts: {},
  async plan(source, { seed }) {
    const tables = findTables(source);
    const records: Records = { source, hdf5: source.files.find((path) => /\.(?:h5|hdf5)$/i.test(path)) };
    const clips = new Map<string, PlannedClip>();
    const tasks: PlannedTask[] = [];
    const warnings: string[] = [];
    const problems: ClipProblem[] = [];
    let grouped = true;
    for (const { dataset, fold } of tables.filter(({ part }) => part === 'train')) {
      const name = `hubert_ecg_${taskNamePart(dataset)}${fold === '' ? '' : `_${fold}`}`;
      const parts = threeSplits.flatMap((part) => {
        const same = tables.filter((table) => table.dataset === dataset && table.part === part);
        const found = same.find((table) => table.fold === fold) ?? same.find((table) => table.fold === '');
        return found === undefined ? [] : [found];
      });
      if (!parts.some(({ part }) => part === 'test')) {
        const fix = `add ${dataset}_test.csv`;
        throw new TaskError({ asked: `test records of '${name}'`, found: 'no CSV with them', fix });
      }
      const read = [];
      for (const { path, part } of parts) {
        const table = parseTable(await source.readText(path), path, { required: ['filename'], delimiter: ',' });
        read.push({ table, part, path });
      }
      const labels = labelColumns(read[0].table, read[0].path);
      const named = read.every(({ table }) => groupColumn(table) !== undefined);
      grouped &&= named;
      const entries = read.flatMap(({ table, part, path }) => {
        const others = labelColumns(table, path);
        if (others.join() !== labels.join()) {
          const found = `labels ${others.slice(0, 8).join(', ')} in '${path}'`;
          throw new TaskError({
            asked: `labels ${labels.slice(0, 8).join(', ')} of '${name}'`,
            found,
            fix: 'use CSVs of one release',
          });
        }
        return table.rows.flatMap((row): PlannedEntry[] => {
          const clip = clipOf(row, table, records, clips);
          if (!('found' in clip)) return [{ clip, split: part, content: contentOf(row, labels) }];
          problems.push(clip);
          return [];
        });
      });
      if (entries.length === 0 && problems.length > 0) throw unusableRecordings(source.folder, problems);
      const whole = parts.some(({ part }) => part === 'valid') ? entries : withValidation(entries, seed);
      tasks.push({ ...taskOf(name, dataset, labels, whole), grouping: groupingOf(named) });
    }
    if (!grouped) {
      warnings.push(
        'The CSVs do not name patients (column patient_id), so nothing shows whether a patient is in two splits.',
      );
    }
    return { tasks, counts: { records: clips.size }, warnings, problems, grouping: groupingOf(grouped) };
  },
};

export default hubertEcg;

function groupingOf(named: boolean): Grouping {
  return named ? { state: 'named', by: 'patient_id' } : { state: 'unknown' };
}

interface SplitTable {
  readonly path: string;
  readonly dataset: string;
  readonly part: 'train' | 'valid' | 'test';
  readonly fold: string;
}

function findTables(source: SourceFolder): SplitTable[] {
  const tables = source.files.flatMap((path): SplitTable[] => {
    const [, dataset, part, fold, edition = ''] = tableName.exec(path.slice(path.lastIndexOf('/') + 1)) ?? [];
    const split = splitNamed(part ?? '');
    return dataset === undefined || split === undefined ? [] : [{ path, dataset, part: split, fold: fold ?? edition }];
  });
  if (tables.some(({ part }) => part === 'train')) return tables;
  throw new TaskError({
    asked: `splits in '${source.folder}'`,
    found: 'no file such as cpsc_train_0.csv or georgia_train.csv',
    fix: 'copy the CSVs of the reproducibility folder there',
  });
}

function labelColumns({ columns }: Table, path: string): string[] {
  const labels = columns.filter((name) => !ownColumns.includes(name.toLowerCase()) && !name.startsWith('Unnamed'));
  if (labels.length > 0) return labels;
  throw new TaskError({ asked: `labels of '${path}'`, found: 'no label columns', fix: 'download the CSV again' });
}

/** A column by its name, ignoring case: SPH has Patient_ID. */
function columnNamed({ columns }: Table, name: string): string | undefined {
  return columns.find((column) => column.toLowerCase() === name);
}

function groupColumn(table: Table): string | undefined {
  return columnNamed(table, 'patient_id') ?? columnNamed(table, 'group');
}

/** Several columns of 0 and 1, or one with the number of the class. */
function contentOf(row: TableRow, labels: readonly string[]): string[] {
  if (labels.length === 1) {
    const number = numberIn(row, labels[0]);
    if (Number.isInteger(number) && number >= 0) return [String(number)];
    throw row.fail(`${number} as ${labels[0]}`, 'write the number of the class');
  }
  return labels.filter((label) => {
    const value = numberIn(row, label);
    if (value === 0 || value === 1) return value === 1;
    throw row.fail(`${value} as ${label}`, 'write 0 or 1');
  });
}

/** Where records are looked for. */
interface Records {
  readonly source: SourceFolder;
  /** A file of HDF5, which cannot be read, if there is one. */
  readonly hdf5: string | undefined;
}

/** One clip per record, however many CSVs name it. */
function clipOf(
  row: TableRow,
  table: Table,
  records: Records,
  clips: Map<string, PlannedClip>,
): PlannedClip | ClipProblem {
  const file = recordFile(row, records);
  if (typeof file !== 'string') return file;
  const same = clips.get(file);
  if (same !== undefined) return same;
  const column = groupColumn(table);
  const group = column === undefined ? '' : row.get(column);
  const known = ['age', 'sex', 'site', 'device'].map((name) => [name, row.get(columnNamed(table, name) ?? name)]);
  const metadata = Object.fromEntries(known) as Record<string, string>;
  const clip = { name: clipName(recordStem(row)), source: file, group: group || file, metadata };
  clips.set(file, clip);
  return clip;
}

/** The file name in a path that may come from another operating system. */
function baseName(path: string): string {
  return path.slice(path.replace(/\\/g, '/').lastIndexOf('/') + 1);
}

/** `A0001` in `A0001.hea.npy` or `A0001.h5.npy`. */
function recordStem(row: TableRow): string {
  return baseName(row.get('filename'))
    .replace(/\.npy$/i, '')
    .replace(/\.(?:hea|mat|dat|h5)$/i, '');
}

/** A record that a CSV calls `A0001.hea.npy` or `A0001.npy` may exist as `.npy` or as WFDB. */
function recordFile(row: TableRow, { source, hdf5 }: Records): string | ClipProblem {
  const name = baseName(row.get('filename'));
  const stem = recordStem(row);
  const wanted = [name, `${stem}.npy`, `${stem}.hea.npy`, `${stem}.h5.npy`, `${stem}.hea`];
  const found = wanted.map((one) => source.named(one).filter((path) => /\.(npy|hea)$/i.test(path)));
  const files = found.find((paths) => paths.length > 0) ?? [];
  if (files.length === 1) return files[0];
  if (files.length > 1) {
    const found = `${files.length} records '${name}': ${files.slice(0, 3).join(', ')}`;
    throw row.fail(found, 'copy every record once into the source folder');
  }
  const link = wanted.map((one) => source.linkNamed(one)).find((found) => found !== undefined);
  return missingRecording(
    name,
    row.place,
    link ?? `no record '${name}'`,
    hdf5 === undefined
      ? 'copy every record once into the source folder'
      : `HDF5 ('${hdf5}') cannot be read: save each record as .npy, [12, samples] at 500 Hz`,
  );
}

function taskOf(
  name: string,
  dataset: string,
  labels: readonly string[],
  entries: readonly PlannedEntry[],
): PlannedTask {
  const several = labels.length > 1;
  const classes = [...new Set(entries.flatMap(({ content }) => content as readonly string[]))];
  return {
    name,
    description: `Diagnoses of ${dataset}, in the authors' split.`,
    modality: 'ecg',
    embeddingType: 'scene',
    predictionType: several ? 'multilabel' : 'multiclass',
    splitMode: 'trainvaltest',
    splits: threeSplits,
    evaluation: several ? ['aucroc', 'mAP'] : ['aucroc', 'mAP', 'top1_acc', 'f1_macro'],
    labels: several ? labels : classes.sort((left, right) => Number(left) - Number(right)),
    leads: standardLeads,
    entries,
  };
}
