import { hashIdentity } from '@hearken/results/internal/node';
import type { ReportResult } from '../read/report-result.js';
import { groupBy } from '@hearken/core/internal';
import { columnIdentity } from './task-columns.js';

/** The results in one row of the table. */
export interface ResultGroup {
  /** One per task and metric: those that the row shows. */
  readonly chosen: readonly ReportResult[];
  /** All results of the model with this probe. */
  readonly all: readonly ReportResult[];
}

/**
 * Groups results by model: plugin, name, checkpoint, options, and how it was probed. Backends, versions and grids may
 * differ between tasks; of several results on a task, the one with default settings counts, else the latest.
 */
export function groupResults(results: readonly ReportResult[]): ResultGroup[] {
  const groups = groupBy(results, (result) => hashIdentity(modelIdentityOf(result)));
  return [...groups.values()].map((all) => {
    const whole = all.filter(({ evaluation }) => evaluation.trainFraction === 1);
    return { all, chosen: [...groupBy(whole, columnIdentity).values()].map(preferred) };
  });
}

/** The key of a row: it depends only on the result, not on other results. */
export function modelIdentityOf({ model: of, evaluation: { probe, pca } }: ReportResult): readonly unknown[] {
  const { plugin, model, checkpointSha256, options } = of;
  return [plugin, model, checkpointSha256, options, probe, pca];
}

/**
 * The result of the default evaluation, or any other if there is none; if there are several, the one that finished
 * last.
 */
function preferred(results: readonly ReportResult[]): ReportResult {
  const latest = (some: readonly ReportResult[]) =>
    some.reduce((best, one) => (one.finishedAt > best.finishedAt ? one : best));
  const defaults = results.filter(({ isDefault }) => isDefault);
  return latest(defaults.length > 0 ? defaults : results);
}
