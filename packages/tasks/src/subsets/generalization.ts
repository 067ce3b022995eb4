import { didYouMean, OptionError, TaskError } from '@hearken/core';
import type { Task } from '../task.js';
import type { ClipTable } from './clip-table.js';

/** Which clips train and validate, and which test, by a column of `clips.csv`. */
export interface Generalization {
  /** A column of the table. */
  readonly column: string;
  /** Values of the clips for training and validation, sorted. */
  readonly train: readonly string[];
  /** Values of the clips for testing, sorted. */
  readonly test: readonly string[];
}

/** What the caller asks for: if only one side is given, the other side has all other values. */
export interface GeneralizationRequest {
  /** A column of the table. */
  readonly column: string;
  /** Values of the clips for training and validation; default: all that are not in `test`. */
  readonly train?: readonly string[];
  /** Values of the clips for testing; default: all that are not in `train`. */
  readonly test?: readonly string[];
}

/**
 * Completes and checks a request for a task. Clips with an empty cell are on neither side.
 *
 * @throws OptionError for a request that makes no sense
 * @throws TaskError if the task has no such table, column or value; lists the existing ones with their counts
 */
export function resolveGeneralization(
  task: Pick<Task, 'id' | 'splits'>,
  table: ClipTable | undefined,
  request: GeneralizationRequest,
): Generalization {
  const { column } = request;
  checkRequest(request);
  const asked = `generalisation by '${column}' of task '${task.id}'`;
  if (table === undefined) {
    const fix = "write clips.csv with the columns clip, split and this one, or make the task with 'hearken tasks make'";
    throw new TaskError({ asked, found: 'no clips.csv in its folder', fix });
  }
  if (!table.columns.includes(column)) {
    const found = `no such column in '${table.path}'; it has ${table.columns.join(', ') || 'none'}`;
    throw new TaskError({ asked, found, fix: `${didYouMean(column, table.columns)}name one of them` });
  }
  const counts = valueCounts(task, table, column);
  const known = [...counts.keys()].filter((value) => value !== '');
  for (const value of [...(request.train ?? []), ...(request.test ?? [])]) {
    if (value !== '' && counts.has(value)) continue;
    const found = `no clips with value '${value}'; there are ${countsText(counts)}`;
    throw new TaskError({ asked, found, fix: `${didYouMean(value, known)}name some of these values` });
  }
  const others = (named: readonly string[] = []) => known.filter((value) => !named.includes(value));
  const train = request.train ?? others(request.test);
  const test = request.test ?? others(request.train);
  if (train.length === 0 || test.length === 0) {
    const side = train.length === 0 ? 'to train on' : 'to test on';
    const fix = 'leave at least one value for the other side';
    throw new TaskError({ asked, found: `no value ${side}; there are ${countsText(counts)}`, fix });
  }
  return { column, train: [...new Set(train)].sort(), test: [...new Set(test)].sort() };
}

function checkRequest({ column, train, test }: GeneralizationRequest): void {
  const asked = `generalisation by '${column}'`;
  if (train === undefined && test === undefined) {
    throw new OptionError({ asked, found: 'no values', fix: 'name the values to train on, those to test on, or both' });
  }
  const both = (train ?? []).find((value) => test?.includes(value));
  if (both === undefined) return;
  throw new OptionError({ asked, found: `'${both}' on both sides`, fix: 'name every value on one side only' });
}

/** Number of clips with each value of a column, and '' for those with none. */
function valueCounts(
  { splits }: Pick<Task, 'splits'>,
  table: Pick<ClipTable, 'cell'>,
  column: string,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [split, clips] of splits) {
    for (const { name } of clips) {
      const value = table.cell(split, name, column);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
  return new Map([...counts].sort(([left], [right]) => (left < right ? -1 : 1)));
}

const listedValues = 24;

function countsText(counts: ReadonlyMap<string, number>): string {
  const known = [...counts].filter(([value]) => value !== '');
  const named = known.slice(0, listedValues).map(([value, count]) => `'${value}' (${count})`);
  const more = known.length > listedValues ? [`${known.length - listedValues} more`] : [];
  const unknown = counts.has('') ? [`unknown (${counts.get('')})`] : [];
  return [...named, ...more, ...unknown].join(', ') || 'none';
}
