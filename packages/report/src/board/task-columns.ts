import { type HearTask, hearTaskOf } from '@hearken/tasks';
import type { ReportResult } from '../read/report-result.js';
import { groupBy } from '@hearken/core/internal';

/** A count of labels or clips may differ from the published one by this share: a few clips cannot be decoded, say. */
const countTolerance = 0.05;

/** The column of the table that a result belongs to. */
export type ColumnOf = (result: ReportResult) => string;

/**
 * Tells each result its column: of a HEAR task in HEAR's metric that task's, else the task id's. Results of one task in
 * several metrics have a column a metric: the most common built-in one has the plain id, the others name theirs.
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

/** The task and the metric, as one text: results that differ in either cannot stand in one column. */
export function columnIdentity(result: ReportResult): string {
  return `${result.task.id}\n${metricText(result)}`;
}

/** A metric's name, with the version if it is a custom one. */
export function metricText({ metric, metricFacts: { version } }: ReportResult): string {
  return version === null ? metric : `${metric} ${version}`;
}

/** The HEAR task that a result may be put beside published scores of; undefined for any other. */
export function hearTaskOfResult(result: ReportResult): HearTask | undefined {
  const hear = hearTaskOf(result.task.name, result.task.mode);
  return hear?.metric === result.metric && differencesFrom(hear, result).length === 0 ? hear : undefined;
}

/** Why a result of a task that is named like one of HEAR's is none of it; undefined where it is, or has another name. */
export function notHear(result: ReportResult): string | undefined {
  const hear = hearTaskOf(result.task.name, result.task.mode);
  const differences = hear === undefined ? [] : differencesFrom(hear, result);
  if (hear === undefined || differences.length === 0) return undefined;
  return `not comparable with published scores of ${hear.title}: ${differences.join(', ')}`;
}

function differencesFrom(hear: HearTask, { task }: ReportResult): string[] {
  // How the clips of a task of several folders are shared out among them is not published.
  const counts = hear.folders.length === 1 ? (['labels', 'clips'] as const) : (['labels'] as const);
  return counts.flatMap((kind) => {
    const published = hear[kind] ?? task[kind];
    const isNear = Math.abs(task[kind] - published) <= countTolerance * published;
    return isNear ? [] : [`${task[kind]} ${kind} instead of ${published}`];
  });
}
