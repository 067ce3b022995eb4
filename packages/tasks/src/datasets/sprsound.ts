import { basename, posix } from 'node:path';
import { TaskError } from '@hearken/core';
import { isRecord, parseJson } from '@hearken/core/internal';
import { unusableRecordings, type ClipProblem } from './clip-problems.js';
import type { Dataset, PlannedEntry, PlannedTask } from './dataset.js';
import type { PlannedClip } from './planned-clip.js';
import { missingRecording } from './find-recording.js';
import { withValidation } from './planned-splits.js';
import { multiclassTask } from './scene-task.js';
import { stemOf, type SourceFolder } from './source-folder.node.js';

const eventTypes = ['Normal', 'Rhonchi', 'Wheeze', 'Stridor', 'Coarse Crackle', 'Fine Crackle', 'Wheeze+Crackle'];
const recordTypes = ['Normal', 'CAS', 'DAS', 'CAS & DAS', 'Poor Quality'];
const metrics = ['icbhi_score', 'icbhi_sensitivity', 'icbhi_specificity', 'f1_macro', 'top1_acc'];

/** `65058931_3.4_1_p2_1086`: patient, age, sex, place, number. */
const namePattern = /^(\d+)_(\d+(?:\.\d+)?)_([01])_(p[1-4])_(\d+)$/;
const places: Readonly<Record<string, string>> = {
  p1: 'left posterior',
  p2: 'left lateral',
  p3: 'right posterior',
  p4: 'right lateral',
};

type Part = 'train' | 'inter' | 'intra';

interface Recording {
  readonly clip: PlannedClip;
  readonly part: Part;
  readonly type: string;
  readonly events: readonly { readonly clip: PlannedClip; readonly type: string }[];
}

/** The four tasks of the challenge: level, labels, and the label for each type. */
const levels: Readonly<
  Record<string, { of: 'events' | 'record'; labels: readonly string[]; label: (type: string) => string }>
> = {
  event_2class: {
    of: 'events',
    labels: ['Normal', 'Adventitious'],
    label: (type) => (type === 'Normal' ? type : 'Adventitious'),
  },
  event_7class: { of: 'events', labels: eventTypes, label: (type) => type },
  record_3class: {
    of: 'record',
    labels: ['Normal', 'Adventitious', 'Poor Quality'],
    label: (type) => (type === 'Normal' || type === 'Poor Quality' ? type : 'Adventitious'),
  },
  record_5class: { of: 'record', labels: recordTypes, label: (type) => type },
};

/** SPRSound: lung sounds of children, with the split of the 2022 challenge. */
const sprsound: Dataset = {
  name: 'sprsound',
  title: 'SPRSound: Open-Source SJTU Paediatric Respiratory Sound Database (BioCAS 2022)',
  url: 'https://github.com/SJTU-YONGFU-RESEARCH-GRP/SPRSound',
  license: 'see LICENSE in its repository',
  citation:
    'Zhang et al. 2022, "SPRSound: Open-Source SJTU Paediatric Respiratory Sound Database", IEEE Transactions on Biomedical Circuits and Systems 16, 867-881',
  layout:
    'BioCAS2022/ with train2022_wav, train2022_json, test2022_wav, test2022_json/{inter,intra}_test_json; or the older names train_wav, train_json, test_wav, test_json',
  sampleRate: 8000,
  makes: 'sprsound_{event_2class,event_7class,record_3class,record_5class}_{inter,intra}',
  expectedCounts: { recordings: 2683, train: 1949, inter: 355, intra: 379 },
  async plan(source, { seed }) {
    const annotations = source.files.flatMap((path) => {
      const part = /\.json$/i.test(path) ? partOf(path) : undefined;
      return part === undefined ? [] : [{ path, part }];
    });
    if (annotations.length === 0) {
      throw new TaskError({
        asked: `annotations of SPRSound in '${source.folder}'`,
        found: 'no train2022_json and test2022_json',
        fix: 'pass the folder BioCAS2022 of the repository',
      });
    }
    const problems: ClipProblem[] = [];
    const recordings: Recording[] = [];
    for (const { path, part } of annotations) {
      const recording = await readRecording(source, path, part);
      if ('found' in recording) problems.push(recording);
      else recordings.push(recording);
    }
    if (recordings.length === 0) throw unusableRecordings(source.folder, problems);
    const tasks = Object.entries(levels).flatMap(([level, { of, labels, label }]) =>
      (['inter', 'intra'] as const).map((test): PlannedTask => {
        const used = recordings.filter(({ part }) => part === 'train' || part === test);
        const entries = used.flatMap((recording): PlannedEntry[] => {
          const split = recording.part === 'train' ? 'train' : 'test';
          const items = of === 'record' ? [recording] : recording.events;
          return items.map(({ clip, type }) => ({ clip, split, content: [label(type)] }));
        });
        const people = test === 'inter' ? 'other children' : 'the same children, as published';
        const description = `Challenge 2022, ${level}; test on ${people}; a fifth of the training children validate.`;
        const task = multiclassTask(
          `sprsound_${level}_${test}`,
          description,
          labels,
          withValidation(entries, seed),
          metrics,
        );
        return test === 'intra' ? { ...task, sharedGroups: 'all' } : task;
      }),
    );
    const parts = Object.fromEntries(
      (['train', 'inter', 'intra'] as const).map((part) => [
        part,
        recordings.filter((one) => one.part === part).length,
      ]),
    );
    const events = recordings.reduce((sum, recording) => sum + recording.events.length, 0);
    const people = new Set(recordings.map(({ clip }) => clip.group)).size;
    return {
      tasks,
      counts: { recordings: recordings.length, events, people, ...parts },
      warnings: [],
      problems,
      grouping: { state: 'named', by: 'patient' },
    };
  },
};

export default sprsound;

/** The part that an annotation belongs to, by its folders; undefined for folders of later challenges. */
function partOf(path: string): Part | undefined {
  const folders = posix.dirname(path).toLowerCase().split('/');
  if (folders.some((name) => /^(train|test)20(?!22)/.test(name))) return undefined;
  if (folders.some((name) => /^train(?:2022)?_json$/.test(name))) return 'train';
  if (!folders.some((name) => /^test(?:2022)?_json$/.test(name))) return undefined;
  if (folders.some((name) => name.startsWith('inter'))) return 'inter';
  return folders.some((name) => name.startsWith('intra')) ? 'intra' : undefined;
}

async function readRecording(source: SourceFolder, path: string, part: Part): Promise<Recording | ClipProblem> {
  const stem = stemOf(path);
  const fail = (found: string, fix: string) => new TaskError({ asked: `annotation '${path}'`, found, fix });
  const [, patient, age, sex, place] = namePattern.exec(stem) ?? [];
  if (patient === undefined) throw fail('a name in another format', 'name it like 65058931_3.4_1_p2_1086.json');
  const folder = part === 'train' ? /train(?:2022)?_wav/i : /test(?:2022)?_wav/i;
  const wav = source.stemmed(stem).find((one) => /\.wav$/i.test(one) && folder.test(basename(posix.dirname(one))));
  if (wav === undefined) {
    const link = source.linkNamed(`${stem}.wav`);
    const fix = 'download the folders of WAV files, too';
    return missingRecording(`${stem}.wav`, `annotation '${path}'`, link ?? `no '${stem}.wav'`, fix);
  }
  const json = parseJson(await source.readText(path), path);
  if (!isRecord(json)) throw fail('not a JSON object', 'download it again');
  // The README calls it recording_annotation, the files record_annotation.
  const type = json.record_annotation ?? json.recording_annotation;
  if (typeof type !== 'string' || !recordTypes.includes(type)) {
    throw fail(`record_annotation ${JSON.stringify(type)}`, `known: ${recordTypes.join(', ')}`);
  }
  const metadata = { age, sex: sex === '0' ? 'male' : 'female', location: places[place] };
  const clip: PlannedClip = { name: stem, source: wav, group: patient, metadata };
  const listed = json.event_annotation ?? [];
  if (!Array.isArray(listed)) throw fail('event_annotation that is not a list', 'download it again');
  const events = listed.map((event: unknown, index) => {
    const [start, end] = isRecord(event) ? [Number(event.start) / 1000, Number(event.end) / 1000] : [NaN, NaN];
    const kind = isRecord(event) ? event.type : undefined;
    if (typeof kind !== 'string' || !eventTypes.includes(kind) || !(start >= 0 && end > start)) {
      throw fail(`event ${index + 1}: ${JSON.stringify(event).slice(0, 80)}`, 'give start, end (ms) and a known type');
    }
    const name = `${stem}_${String(index).padStart(2, '0')}`;
    return { clip: { ...clip, name, start, end }, type: kind };
  });
  return { clip, part, type, events };
}
