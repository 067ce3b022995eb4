import { didYouMean, OptionError } from '@hearken/core';
import { matchesPattern } from '@hearken/core/internal';
import { metricByName, metricNames } from '@hearken/metrics';
import { scoreColumns, type ScoreRow } from './score-row.js';

/** Which rows are shown, and in what order. */
export interface RowChoice {
  /** Names or patterns with `*`; default all. */
  readonly task?: readonly string[];
  readonly model?: readonly string[];
  readonly metric?: readonly string[];
  /** Columns to sort by, the first one first; scores best first. Default: task, metric, score. */
  readonly sort?: readonly string[];
}

/**
 * The rows that a choice wants, in its order.
 *
 * @throws OptionError for a name that no row has, and for an unknown column
 */
export function chooseRows(rows: readonly ScoreRow[], choice: RowChoice): ScoreRow[] {
  const filters = (['task', 'model', 'metric'] as const).flatMap((name) => {
    const patterns = choice[name];
    if (patterns === undefined) return [];
    const known = [...new Set(rows.map((row) => row[name]))].sort();
    for (const pattern of patterns) {
      if (rows.some((row) => matches(row, pattern, name))) continue;
      throw new OptionError({
        asked: `${name} '${pattern}'`,
        found: 'no such one among the results',
        fix: `${didYouMean(pattern, known)}known: ${known.slice(0, 24).join(', ')}${known.length > 24 ? ', ...' : ''}`,
      });
    }
    return [(row: ScoreRow) => patterns.some((pattern) => matches(row, pattern, name))];
  });
  const chosen = rows.filter((row) => filters.every((accepts) => accepts(row)));
  if (chosen.length === 0) {
    const named = (['task', 'model', 'metric'] as const).flatMap(
      (name) => choice[name]?.map((one) => `${name} '${one}'`) ?? [],
    );
    throw new OptionError({ asked: named.join(', '), found: 'no score of all of these', fix: 'name fewer' });
  }
  return sorted(chosen, choice.sort ?? ['task', 'metric', 'score']);
}

/**
 * Whether a row is what a pattern says, where `*` stands for anything; a task also by its name alone, a model by its
 * plugin's, and a custom checkpoint by the model that it was loaded as.
 */
function matches(row: ScoreRow, pattern: string, name: 'task' | 'model' | 'metric'): boolean {
  if (matchesPattern(row[name], pattern)) return true;
  const full = name === 'model' ? row.architecture : row[name];
  if (matchesPattern(full, pattern)) return true;
  const shorter = { task: `${pattern}-`, model: `${pattern}:`, metric: undefined }[name];
  return shorter !== undefined && !pattern.includes('*') && full.startsWith(shorter);
}

function sorted(rows: readonly ScoreRow[], columns: readonly string[]): ScoreRow[] {
  const names = scoreColumns.map(({ name }) => name as string);
  const unknown = columns.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const fix = `${didYouMean(unknown, names)}known: ${names.join(', ')}`;
    throw new OptionError({ asked: `sorting by '${unknown}'`, found: 'no such column', fix });
  }
  return [...rows].sort((left, right) => {
    for (const column of columns as (keyof ScoreRow)[]) {
      const order = compare(left, right, column);
      if (order !== 0) return order;
    }
    return 0;
  });
}

/** What is not there comes last; of scores the best comes first, of the metric that decides the row. */
function compare(left: ScoreRow, right: ScoreRow, column: keyof ScoreRow): number {
  if (column === 'metric' && left.decides !== right.decides && left.task === right.task) return left.decides ? -1 : 1;
  const [one, other] = [left[column], right[column]];
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  if (typeof one === 'string' || typeof other === 'string') return one === other ? 0 : one < other ? -1 : 1;
  const ascending = Number(one) - Number(other);
  const isScore = ['score', 'low', 'high', 'chance'].includes(column);
  return isScore && isMaximized(left.metric) ? -ascending : ascending;
}

/** Of metrics that only an extension knows, more is taken to be better. */
function isMaximized(metric: string): boolean {
  return !metricNames().includes(metric) || metricByName(metric).maximize;
}
