import { didYouMean, OptionError } from '@hearken/core';
import type { ExternalData } from '../session/session.js';

/** What a model's large matrices are computed with: as stored (float32), or in 8 bits. */
export const precisions = ['fp32', 'int8'] as const;

/** What matrices are computed in. */
export type Precision = (typeof precisions)[number];

/** What plugins say of their option `precision`. */
export const precisionHelp =
  'fp32, or int8 (encoder matrices in 8 bits: a quarter of the memory, more than twice as fast on CPUs); default fp32';

/**
 * Takes a precision that the user named.
 *
 * @throws OptionError for what is no precision
 */
export function checkPrecision(value: unknown = 'fp32'): Precision {
  if (precisions.includes(value as Precision)) return value as Precision;
  throw new OptionError({
    asked: `option precision ${JSON.stringify(value)}`,
    found: 'no such precision',
    fix: `${typeof value === 'string' ? didYouMean(value, precisions) : ''}choose ${precisions.join(' or ')}`,
  });
}

/** A serialised graph with whatever else its builder knows, and where its external tensors are. */
export type BuiltInPrecision<Built> = Built & {
  /** Serialised ONNX model. */
  readonly graph: Uint8Array;
  /** Where its external tensors are: an option of the session. */
  readonly external: ExternalData;
};
