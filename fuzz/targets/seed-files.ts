import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Files } from '../mutate/files.js';

const own = fileURLToPath(new URL('../seeds', import.meta.url));
const shared = fileURLToPath(new URL('../../../shared', import.meta.url));

/** Larger files are slow and find nothing that small ones don't. */
const maximumBytes = 20_000;

async function filesBelow(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Folders of valid files: those of this project, and those next to it if they exist. */
export interface SeedPlaces {
  /** Folder below `fuzz/seeds`. */
  readonly own: string;
  /** Folders below `../shared`. */
  readonly shared?: readonly string[];
}

const places = ({ own: name, shared: others = [] }: SeedPlaces) => [
  join(own, name),
  ...others.map((other) => join(shared, other)),
];

/** Every file whose name matches, each as a separate input. */
export async function singleFiles(from: SeedPlaces, pattern: RegExp): Promise<Files[]> {
  const seeds: Files[] = [];
  for (const place of places(from)) {
    for (const path of await filesBelow(place)) {
      if (!pattern.test(path) || (await stat(path)).size > maximumBytes) continue;
      seeds.push({ [basename(path)]: new Uint8Array(await readFile(path)) });
    }
  }
  return seeds;
}

/** All files below a folder of `fuzz/seeds`, as one input. */
export async function wholeFolder(name: string): Promise<Files> {
  const folder = join(own, name);
  const files: Record<string, Uint8Array> = {};
  for (const path of await filesBelow(folder)) {
    files[relative(folder, path).split(sep).join('/')] = new Uint8Array(await readFile(path));
  }
  return files;
}

/** WFDB records: each header with the files that it names. */
export async function wfdbRecords(from: SeedPlaces): Promise<Files[]> {
  const records: Files[] = [];
  for (const place of places(from)) {
    const paths = await filesBelow(place);
    for (const header of paths.filter((path) => path.endsWith('.hea'))) {
      const folder = header.slice(0, -basename(header).length);
      const files = new Map<string, Uint8Array>();
      await addRecord(folder, basename(header), files);
      const bytes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
      if (bytes <= 2 * maximumBytes) records.push(Object.fromEntries(files));
    }
  }
  return records;
}

async function addRecord(folder: string, name: string, files: Map<string, Uint8Array>): Promise<void> {
  const path = join(folder, name);
  if (files.has(name) || !existsSync(path) || files.size > 20) return;
  files.set(name, new Uint8Array(await readFile(path)));
  if (!name.endsWith('.hea')) return;
  // The first word of a line is a signal file or a segment.
  for (const line of Buffer.from(files.get(name)!).toString('latin1').split(/\r?\n/).slice(1)) {
    const word = line.split(/\s/)[0];
    if (!/^[\w.-]+$/.test(word)) continue;
    await addRecord(folder, word, files);
    await addRecord(folder, `${word}.hea`, files);
  }
}
