import { OptionError } from '@hearken/core';
import { shown } from '../format/shown.js';

/** How a score relates to the value of a threshold. */
export type ThresholdRelation = '>=' | '>' | '<=' | '<';

/** A condition on scores: `top1_acc>=0.8`, or `esc50-v2.0.0-full:top1_acc>=0.8` for one task. */
export interface Threshold {
  /** As the user wrote it. */
  readonly text: string;
  /** A task's id or name; absent for every task that has the metric. */
  readonly task?: string;
  /** Name of the metric. */
  readonly metric: string;
  /** How the score must relate to the value. */
  readonly relation: ThresholdRelation;
  /** The value that it is compared with. */
  readonly value: number;
}

/** A number as in JSON, but also `.8` and `+1`. */
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * Parses `METRIC>=VALUE` or `TASK:METRIC>=VALUE`; also with `>`, `<=` and `<`. Spaces around the parts do not count.
 *
 * @throws OptionError for anything else
 */
export function parseThreshold(text: string): Threshold {
  // A task's name may contain any of these marks, a metric's name and a number cannot.
  const at = Math.max(text.lastIndexOf('>'), text.lastIndexOf('<'));
  if (at === -1) {
    throw refused(
      text,
      'no >=, >, <= or <',
      "write METRIC>=VALUE, in quotes because shells redirect output at a bare >: --fail-under 'top1_acc>=0.8'",
    );
  }
  const mark = text[at] as '>' | '<';
  const relation: ThresholdRelation = text[at + 1] === '=' ? `${mark}=` : mark;
  const [name, number] = [text.slice(0, at).trim(), text.slice(at + relation.length).trim()];
  const value = decimal.test(number) ? Number(number) : Number.NaN;
  if (!Number.isFinite(value)) {
    const found = number === '' ? `no number after ${relation}` : `${shown(number)} instead of a number`;
    throw refused(text, found, `write a number after ${relation}: 0.8, not 80%`);
  }
  if (name.endsWith('=')) throw refused(text, `=${mark} instead of ${mark}=`, `write ${mark}=`);
  const colon = name.lastIndexOf(':');
  const [task, metric] = [name.slice(0, Math.max(colon, 0)).trim(), name.slice(colon + 1).trim()];
  if (metric === '') throw refused(text, `no metric before ${relation}`, 'write METRIC>=VALUE or TASK:METRIC>=VALUE');
  if (colon !== -1 && task === '')
    throw refused(text, 'no task before the colon', 'name a task, or leave out the colon');
  return { text, ...(colon === -1 ? {} : { task }), metric, relation, value };
}

function refused(text: string, found: string, fix: string): OptionError {
  return new OptionError({ asked: `threshold ${shown(text)}`, found, fix });
}

/** A mean of equal scores can be off by rounding: 0.8 and 0.8 and 0.8 have the mean 0.8000000000000002. */
const rounding = 1e-12;

/** Whether a score meets a threshold; an undefined score does not. Rounding differences do not count. */
export function isMet({ relation, value }: Threshold, score: number | null): boolean {
  if (score === null) return false;
  const slack = rounding * Math.max(1, Math.abs(value));
  if (relation === '>=') return score >= value - slack;
  if (relation === '<=') return score <= value + slack;
  return relation === '>' ? score > value + slack : score < value - slack;
}
