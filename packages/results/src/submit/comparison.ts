import { scoringKind, type TestAnswers } from '@hearken/metrics/internal';
import { isRecord } from '@hearken/core/internal';
import { shown } from '../format/shown.js';
import type { Problem } from './problem.js';

/** How far a recomputed number may be from the stated one, relative to numbers over 1. */
export const tolerance = 1e-6;

/** The outcome of recomputing. */
export interface Recomputed {
  readonly problems: readonly Problem[];
  /** How many numbers were compared. */
  readonly compared: number;
}

/** Compares numbers and strings one by one. */
export class Comparison implements Recomputed {
  readonly problems: Problem[] = [];
  compared = 0;

  /** Comparisons with NaN are always false, so such predictions could yield any score. */
  checkFinite(answers: TestAnswers): void {
    if (scoringKind(answers).areFinite(answers)) return;
    const message = `fold '${answers.test}': predictions that are not finite numbers`;
    this.problems.push({ kind: 'score', fold: answers.test, message });
  }

  /** Compares every number and string in a value; one that only one side has counts as different. */
  addAll(where: Pick<Problem, 'fold' | 'metric'> & { readonly field: string }, stated: unknown, again: unknown): void {
    if (!isRecord(again) || !isRecord(stated)) {
      this.add(where, stated, again as number | string | null | undefined);
      return;
    }
    for (const key of new Set([...Object.keys(again), ...Object.keys(stated)])) {
      const valueOf = (of: Record<string, unknown>) => (Object.hasOwn(of, key) ? of[key] : undefined);
      this.addAll({ ...where, field: `${where.field}.${key}` }, valueOf(stated), valueOf(again));
    }
  }

  /** @param recomputed undefined if the metric does not apply to the task */
  add(
    where: Pick<Problem, 'fold' | 'metric' | 'field'>,
    stated: unknown,
    recomputed: number | string | null | undefined,
  ): void {
    this.compared += 1;
    if (agrees(stated, recomputed)) return;
    const { fold, metric, field } = where;
    const place = [fold === undefined ? undefined : `fold '${fold}'`, metric, field]
      .filter((part) => part !== undefined)
      .join(', ');
    const message = `${place}: states ${shown(stated)}, recomputed ${recomputed === undefined ? 'nothing' : shown(recomputed)}`;
    this.problems.push({
      kind: 'score',
      ...where,
      message,
      stated: typeof stated === 'number' || typeof stated === 'string' ? stated : null,
      recomputed: recomputed ?? null,
    });
  }
}

function agrees(stated: unknown, recomputed: number | string | null | undefined): boolean {
  if (typeof stated !== 'number' || typeof recomputed !== 'number') return stated === recomputed;
  return Math.abs(stated - recomputed) <= tolerance * Math.max(1, Math.abs(recomputed));
}
