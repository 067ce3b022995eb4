import { TaskError } from '@hearken/core';
import type { ClipProblem } from './clip-problems.js';
import { missingRecording } from './find-recording.js';
import { foldNames } from './planned-splits.js';
import { stemOf, type SourceFolder } from './source-folder.node.js';

/** One recording with its annotation. */
export interface IcbhiRecording {
  /** File name without extension. */
  readonly stem: string;
  readonly path: string;
  readonly patient: string;
  /** Where on the chest: Tc, Al, Ar, Pl, Pr, Ll, Lr. */
  readonly location: string;
  /** sc or mc: one channel after another, or several at once. */
  readonly mode: string;
  readonly device: string;
  /** Breathing cycles, in seconds. */
  readonly cycles: readonly { start: number; end: number; crackle: boolean; wheeze: boolean }[];
}

/**
 * The usual five folds of patients for ICBHI 2017: Gairola et al. 2021, "RespireNet: A Deep Neural Network for
 * Accurately Detecting Abnormal Lung Sounds in Limited Data Setting" (arXiv 2011.00196). Devices are spread over them.
 */
const icbhiFolds: readonly string[] = [
  '107 114 130 138 146 147 154 156 158 160 162 163 170 172 177 180 184 186 193 200 203 204 205 207 211 213',
  '101 108 115 120 127 131 137 152 153 161 167 168 173 183 188 197 201 206 208 210 215 216 218 223 224',
  '105 110 111 116 121 123 125 129 136 144 148 157 159 164 165 166 169 179 182 190 196 209 217 222 225',
  '103 104 106 112 117 118 122 124 128 132 134 140 141 142 155 175 185 191 192 195 199 212 219 220 226',
  '102 109 113 119 126 133 135 139 143 145 149 150 151 171 174 176 178 181 187 189 194 198 202 214 221',
];

/** `101_1b1_Al_sc_Meditron`: patient, recording, chest location, mode, device. */
const namePattern = /^(\d{3})_([^_]+)_([A-Z][a-z])_(sc|mc)_([A-Za-z0-9]+)$/;

/**
 * Reads the annotation of every recording.
 *
 * @param problems receives recordings without an annotation, and links that are not followed
 * @throws TaskError naming file and line
 */
export async function readRecordings(source: SourceFolder, problems: ClipProblem[]): Promise<IcbhiRecording[]> {
  const paths = source.files.filter((path) => /\.wav$/i.test(path) && namePattern.test(stemOf(path)));
  if (paths.length === 0) {
    throw new TaskError({
      asked: `ICBHI recordings in '${source.folder}'`,
      found: 'no file such as 101_1b1_Al_sc_Meditron.wav',
      fix: 'pass the folder of the unpacked ICBHI_final_database',
    });
  }
  for (const [path, found] of source.links) {
    if (!/\.wav$/i.test(path) || !namePattern.test(stemOf(path))) continue;
    problems.push(missingRecording(path, undefined, found, 'replace the link by the file itself'));
  }
  const recordings: IcbhiRecording[] = [];
  for (const path of paths) {
    const stem = stemOf(path);
    const [, patient, , location, mode, device] = namePattern.exec(stem) ?? [];
    const wavs = source.stemmed(stem).filter((other) => /\.wav$/i.test(other));
    // Some copies of the download have every file twice.
    if (wavs[0] !== path) continue;
    const annotation = path.replace(/\.wav$/i, '.txt');
    if (!source.has(annotation)) {
      const found = source.links.get(annotation) ?? `no annotation '${annotation}'`;
      problems.push(missingRecording(path, undefined, found, 'download and unpack all parts of the dataset'));
      continue;
    }
    const cycles = parseCycles(await source.readText(annotation), annotation);
    recordings.push({ stem, path, patient, location, mode, device, cycles });
  }
  return recordings;
}

/** Lines of `start end crackle wheeze`, separated by tabs. */
export function parseCycles(text: string, path: string): IcbhiRecording['cycles'] {
  return linesOf(text, path).map(({ cells, fail }) => {
    const [start, end] = [Number(cells[0]), Number(cells[1])];
    const flags = cells.slice(2);
    if (cells.length !== 4 || !flags.every((flag) => flag === '0' || flag === '1') || !(start >= 0 && end > start)) {
      throw fail(`'${cells.join(' ').slice(0, 60)}'`, 'write start, end (s), crackle and wheeze (0 or 1)');
    }
    return { start, end, crackle: flags[0] === '1', wheeze: flags[1] === '1' };
  });
}

/** Age and sex by patient, if the file exists. */
export async function readPeople(source: SourceFolder): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
  const names = ['ICBHI_Challenge_demographic_information.txt', 'demographic_info.txt'];
  const path = findFirst(source, names);
  if (path === undefined) return new Map();
  const columns = ['age', 'sex', 'adult_bmi', 'child_weight', 'child_height'];
  return new Map(
    linesOf(await source.readText(path), path).map(({ cells, fail }) => {
      if (cells.length < 3) throw fail(`${cells.length} cells`, 'write patient, age, sex, BMI, weight, height');
      const known = columns.map((name, index) => [name, cells[index + 1] === 'NA' ? '' : (cells[index + 1] ?? '')]);
      return [cells[0], Object.fromEntries(known) as Record<string, string>];
    }),
  );
}

/** Diagnosis by patient; undefined if there is no such file. */
export async function readDiagnoses(source: SourceFolder): Promise<ReadonlyMap<string, string> | undefined> {
  const names = ['ICBHI_Challenge_diagnosis.txt', 'patient_diagnosis.txt', 'patient_diagnosis.csv'];
  const path = findFirst(source, names);
  if (path === undefined) return undefined;
  return new Map(
    linesOf(await source.readText(path), path).map(({ cells, fail }) => {
      if (cells.length !== 2) throw fail(`'${cells.join(' ').slice(0, 60)}'`, 'write patient and diagnosis');
      return [cells[0], cells[1]];
    }),
  );
}

/** Fold by patient: from the folds file if there is one, else the published ones. */
export async function readFolds(source: SourceFolder): Promise<ReadonlyMap<string, string>> {
  const names = foldNames(5);
  const path = findFirst(source, ['patient_list_foldwise.txt']);
  if (path === undefined) {
    return new Map(icbhiFolds.flatMap((people, fold) => people.split(' ').map((one) => [one, names[fold]] as const)));
  }
  return new Map(
    linesOf(await source.readText(path), path).map(({ cells, fail }) => {
      const fold = names.at(/^[0-4]$/.test(cells[1]) ? Number(cells[1]) : names.length);
      if (cells.length !== 2 || fold === undefined)
        throw fail(`'${cells.join(' ')}'`, 'write patient and fold, 0 to 4');
      return [cells[0], fold];
    }),
  );
}

/**
 * The official half of every recording; undefined if the file is missing. Some recordings are listed with another
 * device than in their file name: these are found by the rest of the name.
 *
 * @param warnings receives notes about corrections
 */
export async function readOfficialSplit(
  source: SourceFolder,
  recordings: readonly IcbhiRecording[],
  warnings: string[],
): Promise<ReadonlyMap<string, string> | undefined> {
  const path = findFirst(source, ['ICBHI_challenge_train_test.txt', 'official_split.txt']);
  if (path === undefined) {
    warnings.push('There is no ICBHI_challenge_train_test.txt: only the tasks with folds of patients are made.');
    return undefined;
  }
  const listed = new Map<string, string>();
  for (const { cells, fail } of linesOf(await source.readText(path), path)) {
    const [stem, half] = cells;
    if (cells.length !== 2 || !['train', 'test'].includes(half)) {
      throw fail(`'${cells.join(' ').slice(0, 60)}'`, 'write a recording, a tab, and train or test');
    }
    listed.set(stem, half);
  }
  const withoutDevice = (stem: string) => stem.slice(0, stem.lastIndexOf('_'));
  const byRest = new Map([...listed].map(([stem, half]) => [withoutDevice(stem), half]));
  const renamed = recordings.filter(({ stem }) => !listed.has(stem));
  const unknown = renamed.find(({ stem }) => !byRest.has(withoutDevice(stem)));
  if (unknown !== undefined) {
    throw new TaskError({
      asked: `official half of recording '${unknown.stem}'`,
      found: `no line for it in '${path}'`,
      fix: 'download ICBHI_challenge_train_test.txt again',
    });
  }
  if (renamed.length > 0) {
    warnings.push(
      `${renamed.length} recordings are listed with another device in '${path}': '${renamed[0].stem}', ...`,
    );
  }
  return new Map(recordings.map(({ stem }) => [stem, listed.get(stem) ?? byRest.get(withoutDevice(stem)) ?? 'train']));
}

function findFirst(source: SourceFolder, names: readonly string[]): string | undefined {
  return names.map((name) => source.named(name)[0]).find((path) => path !== undefined);
}

/** Lines that are not empty; cells are separated by tabs, commas or spaces. */
function linesOf(text: string, path: string) {
  return text.split(/\r\n|\r|\n/).flatMap((line, index) => {
    const plain = line.replace(/^\uFEFF/, '').trim();
    if (plain === '') return [];
    const fail = (found: string, fix: string) => new TaskError({ asked: `line ${index + 1} of '${path}'`, found, fix });
    return [{ cells: plain.split(/[\t,; ]+/), fail }];
  });
}
