import { unusableRecordings, type ClipProblem } from './clip-problems.js';
import type { Dataset } from './dataset.js';
import type { PlannedClip } from './planned-clip.js';
import { audioExtensions } from './file-kinds.js';
import { missingRecording } from './find-recording.js';
import { numberIn, parseTable, type TableRow } from './parse-table.js';
import { dividedTask } from './scene-task.js';
import { TaskError } from '@hearken/core';
import type { SourceFolder } from './source-folder.node.js';

/** Below this probability, the authors' classifier detects no cough. */
const leastCough = 0.8;

/** Which values of the column each task uses, and the names it gives them. */
const targets: Readonly<Record<string, { column: string; labels: Readonly<Record<string, string>> }>> = {
  covid: { column: 'status', labels: { healthy: 'healthy', 'COVID-19': 'covid' } },
  status: { column: 'status', labels: { healthy: 'healthy', symptomatic: 'symptomatic', 'COVID-19': 'covid' } },
  sex: { column: 'gender', labels: { female: 'female', male: 'male' } },
};

/** COUGHVID: coughs that people recorded on their own devices. */
const coughvid: Dataset = {
  name: 'coughvid',
  title: 'COUGHVID crowdsourced cough recordings',
  url: 'https://zenodo.org/records/7024894',
  license: 'CC BY 4.0',
  citation:
    'Orlandic, Teijeiro, Atienza 2021, "The COUGHVID crowdsourcing dataset, a corpus for the study of large-scale cough analysis algorithms", Scientific Data 8, 156',
  layout: 'public_dataset/metadata_compiled.csv, and <uuid>.webm, .ogg or .wav next to it',
  sampleRate: 48_000,
  makes: 'coughvid_{covid,status,sex}: coughs with cough_detected of 0.8 or more',
  expectedCounts: { recordings: 34_434 },
  async plan(source, { seed }) {
    const path = source.one('metadata_compiled.csv');
    const required = ['uuid', 'cough_detected', ...Object.values(targets).map(({ column }) => column)];
    const { rows } = parseTable(await source.readText(path), path, {
      required: [...new Set(required)],
      delimiter: ',',
    });
    const coughs = rows.filter((row) => numberIn(row, 'cough_detected') >= leastCough);
    const useful = coughs.filter((row) =>
      Object.values(targets).some(({ column, labels }) => Object.hasOwn(labels, row.get(column))),
    );
    const problems: ClipProblem[] = [];
    const clips = new Map<TableRow, PlannedClip>();
    for (const row of useful) {
      const file = recordingOf(source, row.get('uuid'));
      if (file === undefined) problems.push(noRecording(row, source));
      else clips.set(row, clipOf(row, file));
    }
    const grouping = { state: 'unknown' } as const;
    if (clips.size === 0 && problems.length > 0) throw unusableRecordings(source.folder, problems);
    const tasks = Object.entries(targets).map(([name, { column, labels }]) => {
      const labelled = [...clips].flatMap(([row, clip]) => {
        const value = row.get(column);
        return Object.hasOwn(labels, value) ? [{ clip, content: [labels[value]] }] : [];
      });
      const description = `What '${column}' says of a cough`;
      return dividedTask(`coughvid_${name}`, description, Object.values(labels), labelled, { seed, grouping });
    });
    const warnings = ['COUGHVID does not identify people: every recording counts as a different person.'];
    return { tasks, counts: { recordings: rows.length, coughs: coughs.length }, warnings, problems, grouping };
  },
};

export default coughvid;

function noRecording(row: TableRow, source: SourceFolder): ClipProblem {
  const uuid = row.get('uuid');
  const fix = 'unpack the whole dataset next to its table';
  return missingRecording(uuid, row.place, source.linkStemmed(uuid) ?? `no recording '${uuid}'`, fix);
}

function clipOf(row: TableRow, file: string): PlannedClip {
  const uuid = row.get('uuid');
  const names = ['age', 'gender', 'status', 'respiratory_condition', 'fever_muscle_pain', 'datetime', 'SNR'];
  const metadata = Object.fromEntries(names.map((name) => [name, row.get(name)]));
  return {
    name: uuid,
    source: file,
    group: uuid,
    metadata: { ...metadata, cough_detected: row.get('cough_detected') },
  };
}

/** A converted WAV is preferred to the original. */
function recordingOf(source: SourceFolder, uuid: string): string | undefined {
  const found = source.stemmed(uuid).map((path) => path.toLowerCase());
  const files = source.stemmed(uuid);
  for (const extension of audioExtensions) {
    const places = found.flatMap((path, index) => (path.endsWith(extension) ? [index] : []));
    if (places.length > 1) {
      throw new TaskError({
        asked: `recording '${uuid}'`,
        found: places.map((place) => files[place]).join(', '),
        fix: 'pass the folder of one copy of the dataset',
      });
    }
    if (places.length === 1) return files[places[0]];
  }
  return undefined;
}
