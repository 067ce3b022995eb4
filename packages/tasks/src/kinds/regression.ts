import { didYouMean } from '@hearken/core';
import { isRecord } from '@hearken/core/internal';
import type { ContentFault, TaskKind } from './task-kind.js';

/** Numbers of whole clips. */
export const regressionTask: TaskKind = {
  name: 'regression',
  embeddingType: 'scene',
  defaultMetrics: { regression: ['mae', 'r2'] },
  hasLabels: false,

  readContent: (content, { labels, fail }) => ({ labels: [], events: [], values: readValues(content, labels, fail) }),
};

/** Probes compute in float32, in which larger numbers are infinite. */
const largestValue = 1e30;

/**
 * The numbers of one clip of a regression task: a number if there is one target, a list in the vocabulary's order, or
 * an object with one number for each target's name.
 *
 * @param targets names of what is measured, by vocabulary index
 * @param fail makes the error from what was found and how to fix it
 * @returns one finite number for each target
 */
function readValues(content: unknown, targets: readonly string[], fail: ContentFault): number[] {
  const values = listed(content, targets, fail);
  if (values.length !== targets.length) {
    throw fail(
      `${values.length} values for ${targets.length} targets`,
      `give one number for each of ${targets.join(', ')}`,
    );
  }
  return values.map((value, index) => {
    if (typeof value === 'number' && Math.abs(value) <= largestValue) return value;
    const shown = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 80);
    throw fail(`${shown} for ${targets[index]}`, `give a number (not text) of at most ${largestValue} in size`);
  });
}

function listed(content: unknown, targets: readonly string[], fail: ContentFault): readonly unknown[] {
  if (Array.isArray(content)) return content;
  if (!isRecord(content)) return [content];
  const unknown = Object.keys(content).find((name) => !targets.includes(name));
  if (unknown !== undefined) {
    throw fail(
      `target '${unknown}', which is not in the vocabulary`,
      `${didYouMean(unknown, targets)}known: ${targets.join(', ')}`,
    );
  }
  return targets.map((target) => (Object.hasOwn(content, target) ? content[target] : undefined));
}
