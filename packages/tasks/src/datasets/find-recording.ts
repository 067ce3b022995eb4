import { posix, resolve } from 'node:path';
import { audioExtensions, modalityOfFile } from './file-kinds.js';
import type { ClipProblem } from './clip-problems.js';
import type { TableRow } from './parse-table.js';
import type { SourceFolder } from './source-folder.node.js';

/** A recording named by an annotation: its path in the source folder, or the fact that it is missing. */
export type FoundRecording = { readonly file: string } | { readonly problem: ClipProblem };

/**
 * Finds the file that a row names: relative to the source folder or to the table's folder; with or without extension,
 * like WFDB records.
 *
 * @param written content of the cell
 * @param table path of the table, relative to the source folder
 */
export function findRecording(row: TableRow, written: string, table: string, source: SourceFolder): FoundRecording {
  const plain = posix.normalize(relativeTo(source.folder, written.replace(/\\/g, '/')));
  const places = [plain, posix.join(posix.dirname(table), plain)];
  const exact = places.find((path) => source.has(path));
  if (exact !== undefined) return { file: exact };
  const whole = modalityOfFile(plain) === undefined ? places.map((path) => withEnding(path, source)) : [];
  const found = whole.find((files) => files.length > 0);
  if (found?.length === 1) return { file: found[0] };
  const problem = (what: string, fix: string) => ({ problem: missingRecording(written, row.place, what, fix) });
  if (found !== undefined)
    return problem(`several files: ${found.slice(0, 4).join(', ')}`, 'write the name with its extension');
  const link = places.map((path) => source.links.get(path)).find((text) => text !== undefined);
  if (link !== undefined) return problem(link, 'replace the link by the file itself');
  const named = source.named(posix.basename(plain));
  return problem(
    'no file of that name',
    named.length === 1 ? `write '${named[0]}'` : 'write its path relative to the source folder',
  );
}

/** The problem of a missing recording. */
export function missingRecording(source: string, place: string | undefined, found: string, fix: string): ClipProblem {
  return { source: source.slice(0, 200), ...(place === undefined ? {} : { place }), severity: 'unusable', found, fix };
}

function relativeTo(folder: string, path: string): string {
  const root = `${resolve(folder).replace(/\\/g, '/')}/`;
  return path.startsWith(root) ? path.slice(root.length) : path;
}

/** Extensions that a name may lack; a WFDB record is named by its header. */
const endings = ['.hea', '.edf', '.bdf', '.npy', ...audioExtensions];

function withEnding(path: string, source: SourceFolder): string[] {
  return endings
    .flatMap((ending) => [ending, ending.toUpperCase()])
    .map((ending) => path + ending)
    .filter((one) => source.has(one));
}
