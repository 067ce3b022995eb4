import { TaskError } from '@hearken/core';
import type { Dataset } from './dataset.js';
import type { PlannedClip } from './planned-clip.js';
import { parseTable, type TableRow } from './parse-table.js';
import type { LabelledClip } from './planned-splits.js';
import { dividedTask } from './scene-task.js';
import type { SourceFolder } from './source-folder.node.js';

const grouping = { state: 'named', by: 'participant' } as const;

const sounds = ['breathing-deep', 'breathing-shallow', 'cough-heavy', 'cough-shallow'];

/** The size of a WAV header without samples; the dataset is known to have such files. */
const emptyBytes = 44;

const targets: Readonly<Record<string, { labels: readonly string[]; of: (row: TableRow) => string | undefined }>> = {
  covid: {
    labels: ['negative', 'positive'],
    of: (row) => {
      const status = row.get('covid_status');
      if (status.startsWith('positive_')) return 'positive';
      return status === 'healthy' ? 'negative' : undefined;
    },
  },
  sex: {
    labels: ['female', 'male'],
    of: (row) => ['female', 'male'].find((sex) => sex === row.get('g').toLowerCase()),
  },
  // Early participants were not asked, or left the box empty: an empty cell means unknown.
  smoker: {
    labels: ['no', 'yes'],
    of: (row) => ({ y: 'yes', true: 'yes', n: 'no', false: 'no' })[row.get('smoker').toLowerCase()],
  },
};

/** Coswara: breathing and coughs of people who reported on their health. */
const coswara: Dataset = {
  name: 'coswara',
  title: 'Coswara: respiratory sounds and symptoms dataset',
  url: 'https://github.com/iiscleap/Coswara-Data',
  license: 'CC BY 4.0',
  citation:
    'Bhattacharya et al. 2023, "Coswara: a respiratory sounds and symptoms dataset for remote screening of SARS-CoV-2 infection", Scientific Data 10, 397',
  layout:
    'combined_data.csv; <date>/<participant>/<sound>.wav as unpacked by extract_data.py (Extracted_data); optionally annotations/<sound>_labels.csv',
  sampleRate: 44_100,
  makes: `coswara_{${sounds.join(',')}}_{covid,sex,smoker}`,
  expectedCounts: { participants: 2746 },
  async plan(source, { seed }) {
    const path = source.one('combined_data.csv');
    const { rows } = parseTable(await source.readText(path), path, {
      required: ['id', 'a', 'covid_status', 'g', 'smoker'],
      delimiter: ',',
    });
    const folders = recordingsByParticipant(source);
    const warnings: string[] = [];
    const tasks = [];
    for (const sound of sounds) {
      const bad = await badRecordings(source, sound);
      const clips = new Map<TableRow, PlannedClip>();
      let empty = 0;
      for (const row of rows) {
        const file = folders.get(row.get('id'))?.get(sound);
        if (file === undefined || bad.has(row.get('id'))) continue;
        if ((await source.size(file)) <= emptyBytes) empty += 1;
        else clips.set(row, clipOf(row, file, sound));
      }
      if (empty > 0) warnings.push(`${empty} recordings of ${sound} are empty and were left out.`);
      if (bad.size > 0) warnings.push(`${bad.size} recordings of ${sound} are marked as bad and were left out.`);
      for (const [name, { labels, of }] of Object.entries(targets)) {
        const labelled = [...clips].flatMap(([row, clip]): LabelledClip[] => {
          const label = of(row);
          return label === undefined ? [] : [{ clip, content: [label] }];
        });
        if (labelled.length === 0) continue;
        tasks.push(
          dividedTask(`coswara_${sound}_${name}`, `${name} from ${sound}`, labels, labelled, { seed, grouping }),
        );
      }
    }
    if (folders.size === 0 || tasks.length === 0) {
      throw new TaskError({
        asked: `recordings of Coswara in '${source.folder}'`,
        found: 'no folder of a participant in combined_data.csv',
        fix: "run the dataset's extract_data.py, which joins and unpacks its archives",
      });
    }
    const missing = rows.filter((row) => !folders.has(row.get('id'))).length;
    if (missing > 0) warnings.push(`${missing} of ${rows.length} participants have no recording there.`);
    return { tasks, counts: { participants: rows.length - missing }, warnings, grouping };
  },
};

export default coswara;

/** Sounds by participant: a recording's folder is named after its participant. */
function recordingsByParticipant(source: SourceFolder): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const people = new Map<string, Map<string, string>>();
  for (const path of source.files) {
    const [, id, sound] = /(?:^|\/)([^/]+)\/([a-z]+-[a-z]+)\.wav$/i.exec(path) ?? [];
    if (id === undefined || !sounds.includes(sound)) continue;
    const recordings = people.get(id) ?? new Map<string, string>();
    people.set(id, recordings);
    const other = recordings.get(sound);
    if (other !== undefined) {
      throw new TaskError({
        asked: `${sound} of participant '${id}'`,
        found: `'${other}' and '${path}'`,
        fix: 'pass the folder of one copy of the dataset',
      });
    }
    recordings.set(sound, path);
  }
  return people;
}

/** Participants whose recording the annotators gave a 0, the worst of three marks. */
async function badRecordings(source: SourceFolder, sound: string): Promise<ReadonlySet<string>> {
  const [path] = source.named(`${sound}_labels.csv`);
  if (path === undefined) return new Set();
  const { rows } = parseTable(await source.readText(path), path, { required: ['FILENAME', 'QUALITY'], delimiter: ',' });
  const bad = rows.filter((row) => Number(row.get('QUALITY')) === 0);
  return new Set(bad.map((row) => row.get('FILENAME').replace(`_${sound}`, '')));
}

function clipOf(row: TableRow, file: string, sound: string): PlannedClip {
  const id = row.get('id');
  const names = { age: 'a', sex: 'g', country: 'l_c', state: 'l_s', covid_status: 'covid_status', smoker: 'smoker' };
  const metadata = Object.fromEntries(Object.entries(names).map(([name, column]) => [name, row.get(column)]));
  return { name: `${id}_${sound}`, source: file, group: id, metadata };
}
