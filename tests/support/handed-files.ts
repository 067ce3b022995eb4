import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fixturesFiles, readFileCases, type FileCase, type KnownValues } from './file-cases.js';

/** A file that was given to the project, with the right outcome. */
export interface HandedCase {
  /** Which collection it is of. */
  readonly part: string;
  /** Absolute. */
  readonly path: string;
  readonly kind: 'audio' | 'ecg' | 'checkpoint' | 'archive';
  /** Hz, if the file does not say it. */
  readonly sampleRate?: number;
  readonly right: FileCase;
}

/** The folder of files that failed once, next to the checkout. */
export const faultsFolder = fileURLToPath(new URL('../../../shared/faults', import.meta.url));

const parts = [
  { part: 'audio', kind: 'audio' },
  ...['ecg/edf', 'ecg/wfdb', 'ecg/other'].map((part) => ({ part, kind: 'ecg' as const })),
] as const;

/** All cases of the folders that have an `expected.json`, as the names of the folders say what they hold. */
export function fixtureCases(): HandedCase[] {
  return parts
    .filter(({ part }) => existsSync(join(fixturesFiles(), part, 'expected.json')))
    .flatMap(({ part, kind }) =>
      readFileCases(part).map((right) => ({ part, kind, path: join(fixturesFiles(), part, right.file), right })),
    );
}

/** One line of `expected.csv`: a value of a file, by an independent reader. */
type ExpectedLine = Readonly<
  Record<'file' | 'rate' | 'channels' | 'samples' | 'channel' | 'sample' | 'value' | 'tolerance', string>
>;

/**
 * Files that failed once: those of `expected.csv` with their values. A file without any has no expected value: one of
 * our errors is right, and so is a signal, but never an error of another kind.
 */
export function faultCases(): HandedCase[] {
  const folder = join(faultsFolder, 'readers');
  if (!existsSync(join(folder, 'expected.csv'))) return [];
  const known = knownValues(readFileSync(join(folder, 'expected.csv'), 'utf8'));
  const named = new Set([...known.keys()].flatMap((file) => recordFiles(join(folder, file)).slice(1)));
  return filesBelow(folder).flatMap((path): HandedCase[] => {
    const file = relative(folder, path).split(sep).join('/');
    const kind = kindOf(path);
    const values = known.get(file);
    if (kind === undefined || (values === undefined && (named.has(path) || dirname(path) === folder))) return [];
    const right: FileCase = { file, want: 'values', ...(values ?? { or_error: [] }), ...namedInstead(path) };
    const isBare = /\.(?:npy|csv|tsv)$/i.test(path);
    const sampleRate = isBare ? (values?.rate ?? 500) : undefined;
    return [{ part: 'faults/readers', kind, path, right, ...(sampleRate === undefined ? {} : { sampleRate }) }];
  });
}

/** Malicious files: each must be refused with one of our errors. */
export function attackCases(): HandedCase[] {
  const folder = join(faultsFolder, 'attack/inputs');
  if (!existsSync(folder)) return [];
  return filesBelow(folder).flatMap((path): HandedCase[] => {
    const kind = kindOf(path);
    const file = relative(folder, path);
    return kind === undefined ? [] : [{ part: 'faults/attack', kind, path, right: { file, want: 'error' } }];
  });
}

/** Apple Lossless is read, or named in the error. */
function namedInstead(path: string): Pick<FileCase, 'or_error'> {
  return readFileSync(path).subarray(0, 4096).includes('alac') ? { or_error: ['ALAC|Apple Lossless'] } : {};
}

function kindOf(path: string): HandedCase['kind'] | undefined {
  if (/\.(?:hea|edf|bdf|csv|tsv|npy)$/i.test(path)) return basename(path) === 'expected.csv' ? undefined : 'ecg';
  if (/\.(?:pt|pth|ckpt|safetensors)$/i.test(path)) return 'checkpoint';
  if (/\.(?:tar|tgz|tar\.gz)$/i.test(path)) return 'archive';
  return /\.(?:dat|sh|py|md|json|mjs|txt)$/i.test(path) ? undefined : 'audio';
}

function knownValues(text: string): Map<string, KnownValues & { tolerance: number }> {
  const [head, ...lines] = text.trim().split(/\r?\n/);
  const columns = head.split(',');
  const known = new Map<string, KnownValues & { tolerance: number; points: [number, number, number][] }>();
  for (const line of lines) {
    // The last column is words, and may have commas.
    const cells = line.split(',');
    const { file, ...numbers } = Object.fromEntries(columns.map((name, at) => [name, cells[at]])) as ExpectedLine;
    const [rate, channels, samples, tolerance] = [
      numbers.rate,
      numbers.channels,
      numbers.samples,
      numbers.tolerance,
    ].map(Number);
    const values = known.get(file) ?? { rate, rateTolerance: 1e-6, channels, samples, tolerance, points: [] };
    values.points.push([Number(numbers.channel), Number(numbers.sample), Number(numbers.value)]);
    known.set(file, values);
  }
  return known;
}

/** A file, and the files next to it that a WFDB header names, including segments and their files. */
export function recordFiles(path: string): string[] {
  const found = [path];
  for (const header of found) {
    if (!/\.hea$/i.test(header) || !existsSync(header)) continue;
    for (const line of readFileSync(header, 'latin1').split(/\r?\n/)) {
      const [word] = line.split(/\s/);
      if (!/^[\w.+-]+$/.test(word)) continue;
      for (const name of [word, `${word}.hea`]) {
        const beside = join(dirname(path), name);
        if (existsSync(beside) && !found.includes(beside)) found.push(beside);
      }
    }
  }
  return found;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
