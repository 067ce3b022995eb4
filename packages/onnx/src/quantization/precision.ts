import { didYouMean, OptionError } from '@hearken/core';
import type { ExternalData } from '../session/session.js';

/** How a model's large matrices are computed: as stored (float32), or in 8 bits. */
export const precisions = ['fp32', 'int8'] as const;

/** The supported precisions. */
export type Precision = (typeof precisions)[number];

/** Plugins' help for the option `precision`. */
export const precisionHelp =
  'fp32, or int8 (encoder matrices in 8 bits: a quarter of the memory, more than twice as fast on CPUs); default fp32';

/**
 * Checks a precision given by the user.
 *
 * @throws OptionError for anything but a precision
 */
export function checkPrecision(value: unknown = 'fp32'): Precision {
  if (precisions.includes(value as Precision)) return value as Precision;
  throw new OptionError({
    asked: `option precision ${JSON.stringify(value)}`,
    found: 'no such precision',
    fix: `${typeof value === 'string' ? didYouMean(value, precisions) : ''}choose ${precisions.join(' or ')}`,
  });
}

/** A serialised graph, the location of its external tensors, and whatever else its builder returned. */
export type BuiltInPrecision<Built> = Built & {
  /** Serialised ONNX model. */
  readonly graph: Uint8Array;
  /** Where its external tensors are: an option of the session. */
  readonly external: ExternalData;
};
