import { TaskError } from '@hearken/core';
import type { Dataset } from './dataset.js';

/**
 * Compares counts with the published figures.
 *
 * @returns a warning if the first figure shows that the download is only a part, or another edition; else nothing
 * @throws TaskError if the download is complete but another figure disagrees
 */
export function checkCounts(
  dataset: Pick<Dataset, 'name' | 'expectedCounts'>,
  counts: Readonly<Record<string, number>>,
): string[] {
  const [whole, ...others] = Object.entries(dataset.expectedCounts);
  if (whole === undefined) return [];
  const [name, expected] = whole;
  const found = counts[name] ?? 0;
  if (found < expected)
    return [`${found} of ${expected} published ${name}: the download is only a part of the dataset.`];
  if (found > expected)
    return [`${found} ${name} instead of the published ${expected}: this is another edition of the dataset.`];
  const wrong = others.filter(([key, value]) => (counts[key] ?? 0) !== value);
  if (wrong.length === 0) return [];
  throw new TaskError({
    asked: `published counts of dataset '${dataset.name}'`,
    found: wrong.map(([key, value]) => `${counts[key] ?? 0} ${key} instead of ${value}`).join(', '),
    fix: 'download its annotations again',
  });
}
