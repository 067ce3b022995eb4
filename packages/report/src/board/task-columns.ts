import { type HearTask, hearTaskOf } from '@hearken/tasks';
import type { ReportResult } from '../read/report-result.js';
import { groupBy } from '@hearken/core/internal';

/**
 * The number of labels or clips may differ from the published one by this share: for example, a few clips cannot be
 * decoded.
 */
const countTolerance = 0.05;

/** Returns the column of the table that a result belongs to. */
export type ColumnOf = (result: ReportResult) => string;

/**
 * Assigns each result to a column: results on a HEAR task with HEAR's metric to that task, others to the task id. A
 * task with results by several metrics has one column per metric: the most common built-in metric has the plain id, the
 * others add their names.
 */
export function columnsOf(results: readonly ReportResult[]): ColumnOf {
  const others = results.filter((result) => hearTaskOfResult(result) === undefined);
  const names = new Map<string, string>();
  for (const [id, ofTask] of groupBy(others, ({ task }) => task.id)) {
    const isBuiltIn = ([{ metricFacts }]: readonly ReportResult[]) => Number(metricFacts.version === null);
    const byMetric = [...groupBy(ofTask, metricText).values()].sort(
      (a, b) => isBuiltIn(b) - isBuiltIn(a) || b.length - a.length || (metricText(a[0]) < metricText(b[0]) ? -1 : 1),
    );
    for (const [place, [first]] of byMetric.entries()) {
      const alike = byMetric.filter(([{ metric }]) => metric === first.metric).length > 1;
      const metric = alike ? metricText(first).replace(/[()]/g, '') : first.metric;
      names.set(columnIdentity(first), place === 0 ? id : `${id} (${metric})`);
    }
  }
  return (result) => hearTaskOfResult(result)?.title ?? names.get(columnIdentity(result)) ?? result.task.id;
}

/** Task and metric as one text: results that differ in either cannot share a column. */
export function columnIdentity(result: ReportResult): string {
  return `${result.task.id}\n${metricText(result)}`;
}

/** A metric's name, with the version if it is a custom one. */
export function metricText({ metric, metricFacts: { version } }: ReportResult): string {
  return version === null ? metric : `${metric} ${version}`;
}

/** The HEAR task whose published scores a result can be compared with; undefined for all others. */
export function hearTaskOfResult(result: ReportResult): HearTask | undefined {
  const hear = hearTaskOf(result.task.name, result.task.mode);
  return hear?.metric === result.metric && differencesFrom(hear, result).length === 0 ? hear : undefined;
}

/**
 * Why a result on a task with the name of a HEAR task does not count as one; undefined if it does, or the name differs.
 */
export function notHear(result: ReportResult): string | undefined {
  const hear = hearTaskOf(result.task.name, result.task.mode);
  const differences = hear === undefined ? [] : differencesFrom(hear, result);
  if (hear === undefined || differences.length === 0) return undefined;
  return `not comparable with published scores of ${hear.title}: ${differences.join(', ')}`;
}

function differencesFrom(hear: HearTask, { task }: ReportResult): string[] {
  // For tasks with several folders, the number of clips in each folder is not published.
  const counts = hear.folders.length === 1 ? (['labels', 'clips'] as const) : (['labels'] as const);
  return counts.flatMap((kind) => {
    const published = hear[kind] ?? task[kind];
    const isNear = Math.abs(task[kind] - published) <= countTolerance * published;
    return isNear ? [] : [`${task[kind]} ${kind} instead of ${published}`];
  });
}
