import type { FoldResult } from '@hearken/results';

/** Predictions may exceed the range of the training values by its width on either side. */
const allowed = 1;

/**
 * Warnings about regressions whose predictions exceed three times the range of the training values: an age of 5,478
 * years is not an estimate, and a mean error may not show it.
 *
 * @param values of the training rows, `[rows, targets]`
 */
export function predictionRangeWarnings(
  labels: readonly string[],
  values: Float64Array,
  { test, predictions }: Pick<FoldResult, 'test' | 'predictions'>,
): string[] {
  const width = labels.length;
  return labels.flatMap((label, target) => {
    const [least, most] = rangeOf(values, target, width);
    const reach = allowed * (most - least);
    let count = 0;
    let farthest = least;
    for (let index = target; index < predictions.length; index += width) {
      const value = predictions[index];
      if (value >= least - reach && value <= most + reach) continue;
      count += 1;
      if (distance(value, least, most) >= distance(farthest, least, most)) farthest = value;
    }
    if (count === 0) return [];
    const clips = `${count} of ${predictions.length / width} predictions`;
    return [
      `${clips} of '${label}' in fold ${test} are outside three times the range of the training values (${text(least)} to ${text(most)}): the farthest is ${text(farthest)}; these embeddings differ from the training embeddings`,
    ];
  });
}

function rangeOf(values: Float64Array, target: number, width: number): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (let index = target; index < values.length; index += width) {
    least = Math.min(least, values[index]);
    most = Math.max(most, values[index]);
  }
  return [least, most];
}

function distance(value: number, least: number, most: number): number {
  return Math.max(least - value, value - most);
}

function text(value: number): string {
  return String(Number(value.toPrecision(4)));
}
