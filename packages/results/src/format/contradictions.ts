import { metricNames } from '@hearken/metrics';
import { metricRecordOf } from '../extensions/extension-records.js';
import type { Result } from './result.js';
import type { ResultProblem } from './result-problem.js';
import { shown } from './shown.js';

/**
 * Fields that are each valid but contradict each other: unknown metrics, folds and seeds that lack a score, too few folds or
 * seeds. Returns at most one problem, the first.
 */
export function contradictions({ scores, folds, seeds, metric, evaluation, extensions }: Result): ResultProblem[] {
  const metrics = Object.keys(scores);
  const isKnown = (name: string) => metricNames().includes(name) || metricRecordOf(extensions, name) !== undefined;
  const unknown = metrics.find((name) => !isKnown(name));
  if (unknown !== undefined) {
    const [field, wanted] = [`scores.${shown(unknown)}`, 'a known metric'];
    const message = `${field} is not ${wanted}: it is neither built in nor listed in extensions`;
    return [{ reason: 'invalid-field', field, found: shown(unknown), wanted, message }];
  }
  if (!metrics.includes(metric)) {
    const wanted = `a score for the deciding metric ${shown(metric)}`;
    const message = `scores has ${shown(metrics)}, but lacks the deciding metric ${shown(metric)}`;
    return [{ reason: 'invalid-field', field: 'scores', found: shown(metrics), wanted, message }];
  }
  const hasAll = (one: Readonly<Record<string, unknown>>) =>
    Object.keys(one).length === metrics.length && metrics.every((name) => Object.hasOwn(one, name));
  const areWhole = (list: Result['folds']) => list.every((fold) => hasAll(fold.scores));
  if (!areWhole(folds)) {
    const found = shown(folds.map((fold) => Object.keys(fold.scores)));
    const wanted = `scores for ${shown(metrics)} in each fold`;
    const message = `folds has scores for ${found}, expected ${wanted}`;
    return [{ reason: 'invalid-field', field: 'folds', found, wanted, message }];
  }
  const { seeds: count } = evaluation;
  const isSeed = (one: NonNullable<Result['seeds']>[number]) =>
    hasAll(one.scores) && areWhole(one.folds) && one.folds.length === folds.length;
  const isComplete = seeds === undefined ? count === 1 : seeds.length === count && seeds.every(isSeed);
  if (isComplete) return [];
  const found = seeds === undefined ? 'nothing' : `a list of ${seeds.length}`;
  const wanted = `a list of ${count}, each with all scores and folds`;
  const message = `seeds is ${seeds === undefined ? 'missing' : found}, expected ${wanted}`;
  return [{ reason: 'invalid-field', field: 'seeds', found, wanted, message }];
}
