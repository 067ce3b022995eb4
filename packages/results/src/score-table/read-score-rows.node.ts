import { FileError } from '@hearken/core';
import { findResultFiles } from '../result/find-result-files.node.js';
import { readResultDocument } from '../result/read-result-document.node.js';
import { scoreRows, type ScoreRow } from './score-row.js';

/** The scores below some folders, and what was found there that has none. */
export interface FoundScores {
  readonly rows: readonly ScoreRow[];
  /** JSON files that were left out, with the reason. */
  readonly leftOut: readonly { readonly file: string; readonly reason: string; readonly isResult: boolean }[];
}

/**
 * Reads the scores of every result below the given folders and files, in order of their paths. One that is damaged hides
 * none of the others.
 *
 * @throws FileError as {@link findResultFiles} does, and where there is no result at all
 */
export async function readScoreRows(paths: readonly string[]): Promise<FoundScores> {
  const rows: ScoreRow[] = [];
  const leftOut: FoundScores['leftOut'][number][] = [];
  for (const file of await findResultFiles(paths)) {
    const read = await readResultDocument(file);
    const found = 'reason' in read ? { ...read, isResult: true } : scoreRows(read.document, file);
    if (Array.isArray(found)) rows.push(...found);
    else leftOut.push({ file, reason: found.reason, isResult: found.isResult });
  }
  if (rows.length > 0) return { rows, leftOut };
  throw new FileError({
    asked: `results in ${paths.map((path) => `'${path}'`).join(', ')}`,
    found: `none: ${leftOut
      .slice(0, 3)
      .map(({ file, reason }) => `'${file}' is ${reason}`)
      .join('; ')}`,
    fix: "pass folders that 'hearken run' wrote",
  });
}
