import type { FileCase, KnownValues } from './file-cases.js';

/**
 * What is right of the mean of all channels, which is what pages get: its length, its mean, and its values where those of
 * all channels are known.
 */
export function mixedCase(right: FileCase): FileCase {
  return { ...right, ...mixed(right), also: right.also?.map((known) => mixed({ ...right, ...known })) };
}

function mixed(known: KnownValues): KnownValues {
  const channels = known.channels ?? 1;
  if (channels === 1) return known;
  const bySample = new Map<number, number[]>();
  for (const [, sample, value] of known.points ?? []) {
    if (value !== null) bySample.set(sample, [...(bySample.get(sample) ?? []), value]);
  }
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const whole = [...bySample].filter(([, values]) => values.length === channels);
  return {
    ...known,
    channels: 1,
    points: whole.map(([sample, values]) => [0, sample, mean(values)] as const),
    mean: known.mean?.length === channels ? [mean(known.mean)] : undefined,
    rms: undefined,
  };
}
