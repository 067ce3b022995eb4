import { didYouMean, OptionError } from '@hearken/core';

/** What a model's large matrices are computed with: as stored (float32), or in 8 bits. */
export const precisions = ['fp32', 'int8'] as const;

export type Precision = (typeof precisions)[number];

/** What plugins say of their option `precision`. */
export const precisionHelp =
  'fp32, or int8 (encoder matrices in 8 bits: a quarter of the memory, more than twice as fast on CPUs); default fp32';

/** @throws OptionError for what is no precision */
export function checkPrecision(value: unknown = 'fp32'): Precision {
  if (precisions.includes(value as Precision)) return value as Precision;
  throw new OptionError({
    asked: `option precision ${JSON.stringify(value)}`,
    found: 'no such precision',
    fix: `${typeof value === 'string' ? didYouMean(value, precisions) : ''}choose ${precisions.join(' or ')}`,
  });
}
