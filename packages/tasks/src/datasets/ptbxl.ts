import { dirname, posix } from 'node:path';
import { TaskError } from '@hearken/core';
import { standardLeads } from '@hearken/core';
import type { ClipProblem } from './clip-problems.js';
import type { Dataset, PlannedTask } from './dataset.js';
import type { PlannedClip } from './planned-clip.js';
import { missingRecording } from './find-recording.js';
import { numberIn, parseTable, type TableRow } from './parse-table.js';
import { foldNames, threeSplits } from './planned-splits.js';
import type { SourceFolder } from './source-folder.node.js';

/** What a statement code means. */
interface Statement {
  readonly kinds: readonly string[];
  readonly superclass: string;
  readonly subclass: string;
}

/** One record with its codes. */
interface PtbxlRecord {
  readonly clip: PlannedClip;
  readonly codes: readonly string[];
  /** From 1 to 10. */
  readonly fold: number;
}

type Statements = ReadonlyMap<string, Statement>;

/** A record's labels by name of the label set, as in the authors' benchmark (Strodthoff et al. 2021). */
const labelSets: Readonly<Record<string, (codes: readonly string[], statements: Statements) => string[]>> = {
  all: (codes) => [...codes],
  diagnostic: (codes, statements) => ofKind(codes, statements, 'diagnostic'),
  superclass: (codes, statements) => classes(codes, statements, 'superclass'),
  subclass: (codes, statements) => classes(codes, statements, 'subclass'),
  form: (codes, statements) => ofKind(codes, statements, 'form'),
  rhythm: (codes, statements) => ofKind(codes, statements, 'rhythm'),
};

const superclasses = ['NORM', 'MI', 'STTC', 'CD', 'HYP'];

/** PTB-XL: 12-lead ECGs of 10 s with SCP-ECG statements. */
const ptbxl: Dataset = {
  name: 'ptbxl',
  title: 'PTB-XL, a large publicly available electrocardiography dataset',
  url: 'https://physionet.org/content/ptb-xl/1.0.3/',
  license: 'CC BY 4.0',
  citation:
    'Wagner et al. 2020, "PTB-XL, a large publicly available electrocardiography dataset", Scientific Data 7, 154; version 1.0.3, doi:10.13026/kfzx-aw45',
  layout: 'ptbxl_database.csv, scp_statements.csv, records500/ (or records100/ with --sample-rate 100)',
  sampleRate: 500,
  makes: 'ptbxl_{all,diagnostic,superclass,subclass,form,rhythm} (folds 1-8, 9, 10) and the same with _folds',
  expectedCounts: { records: 21_799, patients: 18_869 },
  async plan(source, { sampleRate }) {
    const statements = await readStatements(source);
    const problems: ClipProblem[] = [];
    const records = await readRecords(source, sampleRate === 100 ? 'filename_lr' : 'filename_hr', statements, problems);
    const tasks = Object.entries(labelSets).flatMap(([set, labelsOf]) => {
      const labelled = records
        .map(({ clip, codes, fold }) => ({ clip, fold, content: labelsOf(codes, statements) }))
        .filter(({ content }) => content.length > 0);
      return tasksOf(set, labelled);
    });
    const superclassOf = records.map(({ codes }) => labelSets.superclass(codes, statements));
    const counts = superclasses.map((name) => [name, superclassOf.filter((labels) => labels.includes(name)).length]);
    const patients = new Set(records.map(({ clip }) => clip.group)).size;
    return {
      tasks,
      counts: { records: records.length, patients, ...(Object.fromEntries(counts) as Record<string, number>) },
      warnings: [],
      problems,
      grouping: { state: 'named', by: 'patient' },
    };
  },
};

export default ptbxl;

interface LabelledRecord {
  readonly clip: PlannedClip;
  readonly fold: number;
  readonly content: readonly string[];
}

function tasksOf(set: string, records: readonly LabelledRecord[]): PlannedTask[] {
  const folds = foldNames(10);
  const about = {
    modality: 'ecg',
    embeddingType: 'scene',
    predictionType: 'multilabel',
    evaluation: ['aucroc', 'mAP'],
    labels: [...new Set(records.flatMap(({ content }) => content))].sort(),
    sampleDuration: 10,
    leads: standardLeads,
  } as const;
  const description = `Statements of the set '${set}' (likelihood does not matter)`;
  const half = (fold: number) => (fold <= 8 ? 'train' : fold === 9 ? 'valid' : 'test');
  return [
    {
      ...about,
      name: `ptbxl_${set}`,
      description: `${description}; the recommended split: folds 1 to 8, 9, 10.`,
      splitMode: 'trainvaltest',
      splits: threeSplits,
      entries: records.map(({ clip, content, fold }) => ({ clip, content, split: half(fold) })),
    },
    {
      ...about,
      name: `ptbxl_${set}_folds`,
      description: `${description}; the ten stratified folds.`,
      splitMode: 'presplit_kfold',
      splits: folds,
      entries: records.map(({ clip, content, fold }) => ({ clip, content, split: folds[fold - 1] })),
    },
  ];
}

function ofKind(codes: readonly string[], statements: Statements, kind: string): string[] {
  return codes.filter((code) => statements.get(code)?.kinds.includes(kind) === true);
}

function classes(codes: readonly string[], statements: Statements, of: 'superclass' | 'subclass'): string[] {
  const named = ofKind(codes, statements, 'diagnostic').map((code) => statements.get(code)?.[of] ?? '');
  return [...new Set(named.filter((name) => name !== ''))];
}

async function readStatements(source: SourceFolder): Promise<Statements> {
  const path = source.one('scp_statements.csv');
  const required = ['diagnostic', 'form', 'rhythm', 'diagnostic_class', 'diagnostic_subclass'];
  const { rows, columns } = parseTable(await source.readText(path), path, { required, delimiter: ',' });
  // The codes are in the first column, which has no name.
  return new Map(
    rows.map((row) => {
      const kinds = ['diagnostic', 'form', 'rhythm'].filter((kind) => Number(row.get(kind)) === 1);
      return [
        row.get(columns[0]),
        { kinds, superclass: row.get('diagnostic_class'), subclass: row.get('diagnostic_subclass') },
      ];
    }),
  );
}

async function readRecords(
  source: SourceFolder,
  files: string,
  statements: Statements,
  problems: ClipProblem[],
): Promise<PtbxlRecord[]> {
  const path = source.one('ptbxl_database.csv');
  const required = ['ecg_id', 'patient_id', 'scp_codes', 'strat_fold', files];
  const { rows } = parseTable(await source.readText(path), path, { required, delimiter: ',' });
  return rows.flatMap((row): PtbxlRecord[] => {
    const fold = numberIn(row, 'strat_fold');
    if (!Number.isInteger(fold) || fold < 1 || fold > 10) throw row.fail(`strat_fold ${fold}`, 'write 1 to 10');
    const codes = parseScpCodes(row);
    const unknown = codes.find((code) => !statements.has(code));
    if (unknown !== undefined)
      throw row.fail(`statement '${unknown}'`, 'download scp_statements.csv of the same version');
    const header = posix.join(dirname(path), `${row.get(files)}.hea`);
    if (!source.has(header)) {
      const fix = 'download all records, or pass --sample-rate 100 to use records100';
      problems.push(missingRecording(header, row.place, source.links.get(header) ?? `no record '${header}'`, fix));
      return [];
    }
    const clip: PlannedClip = {
      name: row.get('ecg_id').padStart(5, '0'),
      source: header,
      // Patients are written as numbers such as 15709.0.
      group: String(numberIn(row, 'patient_id')),
      metadata: metadataOf(row),
    };
    return [{ clip, codes, fold }];
  });
}

/** A Python dict of text and numbers, `{'NORM': 100.0, 'SR': 0.0}`: its keys. @throws TaskError for anything else */
export function parseScpCodes(row: Pick<TableRow, 'get' | 'fail'>): string[] {
  const text = row.get('scp_codes');
  const inner = /^\{(.*)\}$/.exec(text)?.[1];
  const fail = (): TaskError =>
    row.fail(`${JSON.stringify(text.slice(0, 60))} as scp_codes`, 'download the file again');
  if (inner === undefined) throw fail();
  if (inner.trim() === '') return [];
  return inner.split(',').map((pair) => {
    const code = /^\s*['"]([\w/() +-]{1,32})['"]\s*:\s*\d{1,4}(?:\.\d{0,9})?\s*$/.exec(pair)?.[1];
    if (code === undefined) throw fail();
    return code;
  });
}

/** Sex is 0 for male and 1 for female; an age of 300 stands for any age over 89. */
function metadataOf(row: TableRow): Record<string, string> {
  const age = row.get('age');
  const sex = { '0': 'male', '1': 'female', '0.0': 'male', '1.0': 'female' }[row.get('sex')] ?? '';
  return {
    age: Number(age) === 300 ? 'over 89' : age.replace(/\.0$/, ''),
    sex,
    device: row.get('device'),
    site: row.get('site').replace(/\.0$/, ''),
    recording_date: row.get('recording_date'),
    validated_by_human: row.get('validated_by_human'),
  };
}
