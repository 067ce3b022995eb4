import { didYouMean, OptionError } from '@hearken/core';
import { matchesPattern } from '@hearken/core/internal';
import { metricByName, metricNames } from '@hearken/metrics';
import { scoreColumns, type ScoreRow } from './score-row.js';

/** Which rows to show, and in what order. */
export interface RowChoice {
  /** Names or patterns with `*`; default all. */
  readonly task?: readonly string[];
  readonly model?: readonly string[];
  readonly metric?: readonly string[];
  /** Columns to sort by, in order of priority; scores best first. Default: task, metric, score. */
  readonly sort?: readonly string[];
}

/**
 * The chosen rows, sorted.
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
        found: `no result with that ${name}`,
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
    throw new OptionError({
      asked: named.join(', '),
      found: 'no score that matches all of these',
      fix: 'use fewer filters',
    });
  }
  return sorted(chosen, choice.sort ?? ['task', 'metric', 'score']);
}

/**
 * Whether a row matches a pattern, in which `*` stands for anything. Tasks also match by name alone, models by plugin,
 * and custom checkpoints by the model that they were loaded as.
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

/** Missing values come last, the best scores first, and a task's deciding metric before its others. */
function compare(left: ScoreRow, right: ScoreRow, column: keyof ScoreRow): number {
  if (column === 'metric' && left.decides !== right.decides && left.task === right.task) return left.decides ? -1 : 1;
  const [one, other] = [left[column], right[column]];
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  if (typeof one === 'string' || typeof other === 'string') return one === other ? 0 : one < other ? -1 : 1;
  const ascending = Number(one) - Number(other);
  const isScore = ['score', 'low', 'high', 'chance'].includes(column);
  return isScore && isMaximized(left.metric) ? -ascending : ascending;
}

/** For unknown custom metrics, higher is assumed to be better. */
function isMaximized(metric: string): boolean {
  return !metricNames().includes(metric) || metricByName(metric).maximize;
}
