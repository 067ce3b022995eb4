import { scoringKind, type TestAnswers } from '@hearken/metrics/internal';
import { isRecord } from '@hearken/core/internal';
import { shown } from '../format/shown.js';
import type { Problem } from './problem.js';

/** How far a recomputed number may be from the stated one, relative to numbers over 1. */
export const tolerance = 1e-6;

/** What recomputing found. */
export interface Recomputed {
  readonly problems: readonly Problem[];
  /** Numbers that were compared. */
  readonly compared: number;
}

/** Numbers and texts that are compared one by one. */
export class Comparison implements Recomputed {
  readonly problems: Problem[] = [];
  compared = 0;

  /** What is no number compares with nothing, and so could score anything. */
  checkFinite(answers: TestAnswers): void {
    if (scoringKind(answers).areFinite(answers)) return;
    const message = `fold '${answers.test}': predictions that are no finite numbers`;
    this.problems.push({ kind: 'score', fold: answers.test, message });
  }

  /** Compares every number and text of a value; what only one of the two has differs. */
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

  /** @param recomputed undefined where the metric does not go with the task */
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
