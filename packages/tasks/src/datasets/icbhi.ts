import { TaskError } from '@hearken/core';
import type { ClipProblem } from './clip-problems.js';
import type { Dataset, PlannedEntry, PlannedTask } from './dataset.js';
import type { PlannedClip } from './planned-clip.js';
import {
  readDiagnoses,
  readFolds,
  readOfficialSplit,
  readPeople,
  readRecordings,
  type IcbhiRecording,
} from './icbhi-files.js';
import { foldNames, threeSplits, withValidation, type LabelledClip } from './planned-splits.js';

const cycleMetrics = ['icbhi_score', 'icbhi_sensitivity', 'icbhi_specificity', 'f1_macro', 'top1_acc'];
const diagnosisMetrics = ['f1_macro', 'top1_acc', 'aucroc', 'mAP'];

/** These two are in both halves of the official split. */
const dividedPeople = ['156', '218'];

/** The grouping used in the literature: the 3-class task distinguishes chronic from other illness. */
const chronic = ['COPD', 'Bronchiectasis', 'Asthma'];

/** ICBHI 2017: breathing cycles of 126 people, with crackles and wheezes. */
const icbhi: Dataset = {
  name: 'icbhi',
  title: 'ICBHI 2017 Respiratory Sound Database',
  url: 'https://bhichallenge.med.auth.gr/ICBHI_2017_Challenge',
  license: 'free for research, see its page',
  citation:
    'Rocha et al. 2019, "An open access database for the evaluation of respiratory sound classification algorithms", Physiological Measurement 40, 035001',
  layout:
    'ICBHI_final_database/*.wav with a .txt for each; ICBHI_challenge_train_test.txt; ICBHI_Challenge_diagnosis.txt; optionally the demographic information',
  sampleRate: 16_000,
  makes: 'icbhi_{4class,2class,diagnosis_2class,diagnosis_3class}_{official,folds}, icbhi_diagnosis_8class_folds',
  expectedCounts: { recordings: 920, cycles: 6898, normal: 3642, crackle: 1864, wheeze: 886, both: 506, people: 126 },
  async plan(source, { seed }) {
    const problems: ClipProblem[] = [];
    const recordings = await readRecordings(source, problems);
    const people = await readPeople(source);
    const diagnoses = await readDiagnoses(source);
    const folds = await readFolds(source);
    const warnings: string[] = [];
    const official = await readOfficialSplit(source, recordings, warnings);
    const cycles = recordings.flatMap((recording) => cyclesOf(recording, people));
    const wholes = recordings.map((recording) => ({ recording, clip: clipOf(recording, people) }));
    const make = (name: string, description: string, labels: readonly string[], clips: readonly RecordedClip[]) => {
      const metrics = name.includes('diagnosis') ? diagnosisMetrics : cycleMetrics;
      const about = { labels, evaluation: metrics, modality: 'audio', embeddingType: 'scene' } as const;
      const tasks: PlannedTask[] = [];
      if (official !== undefined) {
        const halves = clips.map(({ recording, ...clip }) => ({
          ...clip,
          split: official.get(recording.stem) ?? 'train',
        }));
        tasks.push({
          ...about,
          name: `icbhi_${name}_official`,
          description: `${description}; official 60/40 split, a fifth of the training people validate.`,
          predictionType: 'multiclass',
          splitMode: 'trainvaltest',
          splits: threeSplits,
          entries: withValidation(halves, seed),
          sharedGroups: dividedPeople,
        });
      }
      tasks.push({
        ...about,
        name: `icbhi_${name}_folds`,
        description: `${description}; five folds of patients.`,
        predictionType: 'multiclass',
        splitMode: 'presplit_kfold',
        splits: foldNames(5),
        entries: clips.map((clip) => inFold(clip, folds)),
      });
      return tasks;
    };
    const labelled = (label: (cycle: Cycle) => string): RecordedClip[] =>
      cycles.map(({ recording, clip, sound }) => ({ recording, clip, content: [label(sound)] }));
    const tasks = [
      ...make('4class', 'Normal, crackle, wheeze or both, of each cycle', sounds, labelled(soundOf)),
      ...make(
        '2class',
        'Normal or not, of each cycle',
        ['normal', 'abnormal'],
        labelled((cycle) => (soundOf(cycle) === 'normal' ? 'normal' : 'abnormal')),
      ),
    ];
    if (diagnoses !== undefined) {
      const diagnosed = (label: (diagnosis: string) => string): RecordedClip[] =>
        wholes.map(({ recording, clip }) => ({ recording, clip, content: [label(diagnosisOf(recording, diagnoses))] }));
      const eight = make(
        'diagnosis_8class',
        'Diagnosis, of each recording',
        [...new Set(wholes.map(({ recording }) => diagnosisOf(recording, diagnoses)))].sort(),
        diagnosed((diagnosis) => diagnosis),
      ).at(-1);
      tasks.push(
        ...make('diagnosis_2class', 'Healthy or ill, of each recording', ['healthy', 'ill'], diagnosed(healthOf)),
        ...make(
          'diagnosis_3class',
          'Healthy, chronically or otherwise ill, of each recording',
          ['healthy', 'chronic', 'non-chronic'],
          diagnosed((diagnosis) => (chronic.includes(diagnosis) ? 'chronic' : healthOf(diagnosis, 'non-chronic'))),
        ),
      );
      // One person has asthma: only folds can have all eight classes.
      if (eight !== undefined) tasks.push(eight);
    }
    const counts = Object.fromEntries(
      sounds.map((sound) => [sound, cycles.filter((one) => soundOf(one.sound) === sound).length]),
    );
    return {
      tasks,
      counts: {
        recordings: recordings.length,
        cycles: cycles.length,
        ...counts,
        people: new Set(recordings.map(({ patient }) => patient)).size,
      },
      warnings,
      problems,
      grouping: { state: 'named', by: 'patient' },
    };
  },
};

export default icbhi;

const sounds = ['normal', 'crackle', 'wheeze', 'both'];

type Cycle = IcbhiRecording['cycles'][number];
type RecordedClip = LabelledClip & { readonly recording: IcbhiRecording };
type People = ReadonlyMap<string, Readonly<Record<string, string>>>;

function soundOf({ crackle, wheeze }: Cycle): string {
  if (crackle) return wheeze ? 'both' : 'crackle';
  return wheeze ? 'wheeze' : 'normal';
}

function healthOf(diagnosis: string, otherwise = 'ill'): string {
  return diagnosis === 'Healthy' ? 'healthy' : otherwise;
}

function clipOf({ stem, path, patient, location, mode, device }: IcbhiRecording, people: People): PlannedClip {
  const metadata = { device, location, mode, ...people.get(patient) };
  return { name: stem, source: path, group: patient, metadata };
}

function cyclesOf(recording: IcbhiRecording, people: People) {
  const whole = clipOf(recording, people);
  return recording.cycles.map((sound, index) => {
    const name = `${recording.stem}_${String(index).padStart(2, '0')}`;
    const clip: PlannedClip = { ...whole, name, start: sound.start, end: sound.end };
    return { recording, clip, sound };
  });
}

function diagnosisOf({ patient }: IcbhiRecording, diagnoses: ReadonlyMap<string, string>): string {
  const diagnosis = diagnoses.get(patient);
  if (diagnosis !== undefined) return diagnosis;
  throw new TaskError({
    asked: `diagnosis of ICBHI patient ${patient}`,
    found: 'not in the diagnosis file',
    fix: 'download ICBHI_Challenge_diagnosis.txt again',
  });
}

function inFold({ clip, content }: RecordedClip, folds: ReadonlyMap<string, string>): PlannedEntry {
  const split = folds.get(clip.group);
  if (split !== undefined) return { clip, content, split };
  throw new TaskError({
    asked: `fold of ICBHI patient ${clip.group}`,
    found: 'no fold',
    fix: 'add a line such as "101 0" to patient_list_foldwise.txt, or leave the recording out',
  });
}
