import { TaskError } from '@hearken/core';
import { parse } from 'csv-parse/sync';
import { csvFailure } from '@hearken/core/internal';
import type { Cinc2020Weights } from '@hearken/metrics';

/** The challenge scores 27 diagnoses; real matrices aren't much larger. */
const mostDiagnoses = 1000;

/**
 * Parses the challenge's weights: a square CSV table, whose first row and first column name the diagnoses in the same
 * order. A name may list several codes of one diagnosis, separated by `|`.
 *
 * @param text the file's content
 * @param name the file's name in errors
 * @throws TaskError for any other content, naming the row
 */
export function parseCinc2020Weights(text: string, name: string): Cinc2020Weights {
  const fail = (found: string, fix: string, cause?: unknown) =>
    new TaskError({ asked: `weights '${name}' of cinc2020`, found, fix, cause });
  let table: string[][];
  try {
    table = parse(text, { bom: true, skip_empty_lines: true, trim: true, max_record_size: 65_536 });
  } catch (cause) {
    throw fail(
      csvFailure(cause).found,
      'write it as CSV: a square table with names in the first row and column',
      cause,
    );
  }
  const [header = [], ...rows] = table;
  const names = header.slice(1);
  if (names.length === 0 || names.length > mostDiagnoses || rows.length !== names.length) {
    throw fail(`${rows.length} rows and ${names.length} columns`, 'make it a square table');
  }
  const weights = rows.map(([own, ...cells], row) => {
    if (own !== names[row])
      throw fail(
        `row '${own}' next to column '${names[row]}'`,
        'give rows and columns the same names in the same order',
      );
    return cells.map((cell, column) => {
      const value = cell === '' ? Number.NaN : Number(cell);
      if (Number.isFinite(value)) return value;
      throw fail(
        `'${cell.slice(0, 40)}' in row '${own}', column '${names[column]}'`,
        'give a number for every pair of diagnoses',
      );
    });
  });
  const diagnoses = names.map((codes) => codes.split('|').map((code) => code.trim()));
  const twin = diagnoses.flat().find((code, index, all) => all.indexOf(code) !== index);
  if (twin !== undefined) throw fail(`'${twin}' twice`, 'list every diagnosis once');
  return { diagnoses, weights };
}
