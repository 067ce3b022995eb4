import { metricNames } from '@hearken/metrics';
import { metricRecordOf } from '../extensions/extension-records.js';
import type { Result } from './result.js';
import type { ResultProblem } from './result-problem.js';
import { shown } from './shown.js';

/**
 * Fields of a result that may be right each, and still are not of one result: metrics that nothing knows, folds and seeds that
 * lack a score or are too few. None or the first such problem.
 */
export function contradictions({ scores, folds, seeds, metric, evaluation, extensions }: Result): ResultProblem[] {
  const metrics = Object.keys(scores);
  const isKnown = (name: string) => metricNames().includes(name) || metricRecordOf(extensions, name) !== undefined;
  const unknown = metrics.find((name) => !isKnown(name));
  if (unknown !== undefined) {
    const [field, wanted] = [`scores.${shown(unknown)}`, 'a known metric'];
    const message = `${field} is not ${wanted}, nor is it of an extension that the result names`;
    return [{ reason: 'invalid-field', field, found: shown(unknown), wanted, message }];
  }
  if (!metrics.includes(metric)) {
    const wanted = `a score of the deciding metric ${shown(metric)}`;
    return [
      { ...listProblem('scores', shown(metrics), wanted), message: `scores is not complete: ${wanted} is missing` },
    ];
  }
  const hasAll = (one: Readonly<Record<string, unknown>>) =>
    Object.keys(one).length === metrics.length && metrics.every((name) => Object.hasOwn(one, name));
  const areWhole = (list: Result['folds']) => list.every((fold) => hasAll(fold.scores));
  if (!areWhole(folds)) {
    const found = shown(folds.map((fold) => Object.keys(fold.scores)));
    return [listProblem('folds', found, `a list of folds with a score of ${shown(metrics)} each`)];
  }
  const { seeds: count } = evaluation;
  const isSeed = (one: NonNullable<Result['seeds']>[number]) =>
    hasAll(one.scores) && areWhole(one.folds) && one.folds.length === folds.length;
  const isComplete = seeds === undefined ? count === 1 : seeds.length === count && seeds.every(isSeed);
  if (isComplete) return [];
  const found = seeds === undefined ? 'nothing' : `a list of ${seeds.length}`;
  return [listProblem('seeds', found, `the folds of ${shown(count)} seeds`)];
}

function listProblem(field: string, found: string, wanted: string): ResultProblem {
  return { reason: 'invalid-field', field, found, wanted, message: `${field} is not ${wanted}` };
}
