import type { ReportResult } from '../read/report-result.js';

/** The results that one line of the table is made of. */
export interface ResultGroup {
  /** One a task: what the line shows. */
  readonly chosen: readonly ReportResult[];
  /** All of the model with this probe. */
  readonly all: readonly ReportResult[];
}

/**
 * Groups results by what makes a model: plugin, name, checkpoint, options, and how it was probed. Backends, versions and
 * grids may differ between its tasks; of several results of a task the default one counts, else the latest.
 */
export function groupResults(results: readonly ReportResult[]): ResultGroup[] {
  const groups = groupBy(results, ({ model: of, evaluation: { probe, pca } }) => {
    const { plugin, model, checkpointSha256, options } = of;
    return JSON.stringify([plugin, model, checkpointSha256, options, probe, pca]);
  });
  return [...groups.values()].map((all) => {
    const whole = all.filter(({ evaluation }) => evaluation.trainFraction === 1);
    return { all, chosen: [...groupBy(whole, ({ task }) => task.id).values()].map(preferred) };
  });
}

/** Values by key, in the order in which keys first come. */
export function groupBy<Value>(values: Iterable<Value>, keyOf: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    groups.set(key, [...(groups.get(key) ?? []), value]);
  }
  return groups;
}

/** The result with the plain name, which has the default evaluation; else the one that was finished last. */
function preferred(results: readonly ReportResult[]): ReportResult {
  const latest = (some: readonly ReportResult[]) =>
    some.reduce((best, one) => (one.finishedAt > best.finishedAt ? one : best));
  const plain = results.filter(({ path }) => !/\.[0-9a-f]{8}\.json$/.test(path));
  return latest(plain.length > 0 ? plain : results);
}
