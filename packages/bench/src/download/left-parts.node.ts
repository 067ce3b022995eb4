import type { Stats } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isGone, processName, removeLeftovers, uniqueName } from '@hearken/core/node';

/** A part that nobody is writing. */
export interface LeftPart {
  readonly path: string;
  readonly size: number;
}

/** Names of the parts that downloads of this process are writing. */
const held = new Set<string>();

/** No download writes nothing for a day: it closes a silent connection after a minute and tries again. */
const abandonedMilliseconds = 24 * 60 * 60 * 1000;

/** The path of a new part of `target`. It belongs to this process until {@link releasePart}. */
export function holdPart(target: string): string {
  const path = `${target}.${uniqueName()}.part`;
  held.add(basename(path));
  return path;
}

/** Leaves a part to later downloads, if it still exists. */
export function releasePart(path: string): void {
  held.delete(basename(path));
}

/** Where the part's URL, validator and size are recorded. */
export function statePathOf(part: string): string {
  return `${part}.json`;
}

/** The parts of `target` that nobody is writing, the largest first; size 0 if only the record about it exists. */
export async function leftParts(target: string): Promise<LeftPart[]> {
  const entries = await readdir(dirname(target)).catch(() => []);
  const names = new Set(entries.map((entry) => entry.replace(/\.json$/, '')));
  const found: LeftPart[] = [];
  for (const name of names) {
    const writer = writerOf(name, basename(target));
    if (writer === undefined || held.has(name)) continue;
    const path = join(dirname(target), name);
    const part = await lstat(path).catch(() => undefined);
    const status = part ?? (await lstat(statePathOf(path)).catch(() => undefined));
    if (status?.isFile() !== true) continue;
    if (hasEnded(writer, status)) found.push({ path, size: part?.size ?? 0 });
  }
  return found.sort((left, right) => right.size - left.size);
}

/** Of another host nothing is known but when it last wrote. */
function hasEnded(writer: string, { mtimeMs }: Stats): boolean {
  // A part of this process that isn't held: its download has ended, or an earlier process had the same number.
  if (writer === 'unknown' || writer === processName() || isGone(writer)) return true;
  const isOfThisHost = writer.split('-')[0] === processName().split('-')[0];
  return !isOfThisHost && Date.now() - mtimeMs > abandonedMilliseconds;
}

/** Removes the parts of `target` that nobody is writing, as far as this user may. */
export async function removeLeftParts(target: string): Promise<void> {
  for (const { path } of await leftParts(target)) {
    for (const one of [path, statePathOf(path)]) await rm(one, { force: true }).catch(() => undefined);
  }
  await removeLeftovers(dirname(target)).catch(() => undefined);
}

/** The process that a part is named after; 'unknown' for `<target>.part`, as earlier versions called all parts. */
function writerOf(name: string, target: string): string | undefined {
  if (!name.startsWith(`${target}.`)) return undefined;
  const match = /^(?:([0-9a-f]{8}-\d+)-[0-9a-f]{8}\.)?part$/.exec(name.slice(target.length + 1));
  return match === null ? undefined : (match[1] ?? 'unknown');
}
