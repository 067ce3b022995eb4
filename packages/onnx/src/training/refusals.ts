import { type ModelSource, type NetworkRequest, OptionError } from '@hearken/core';
import type { Precision } from '../quantization/precision.js';

/**
 * The checkpoint that was passed.
 *
 * @param asked which model, and for what: `hear:hear to train`
 * @param fix where the checkpoint is to be had
 * @throws OptionError if there is none
 */
export function requireCheckpoint(checkpoint: ModelSource | undefined, asked: string, fix: string): ModelSource {
  if (checkpoint !== undefined) return checkpoint;
  throw new OptionError({ asked, found: 'no checkpoint', fix });
}

/**
 * Checks that a model in this precision can be trained.
 *
 * @throws OptionError for a precision whose weights have no gradients
 */
export function refusePrecision(precision: Precision): void {
  if (precision === 'fp32') return;
  throw new OptionError({
    asked: `precision ${precision} of a model to train`,
    found: 'weights without gradients',
    fix: 'leave the option precision out',
  });
}

/**
 * Looks up a variant of a network that is trained.
 *
 * @param variants what the plugin calls them; none for a model that has only its plain network
 * @returns undefined for the plain network
 * @throws OptionError for a variant that the model doesn't have
 */
export function chooseTrainedVariant<Variant extends string>(
  { variant }: Pick<NetworkRequest, 'variant'>,
  model: string,
  variants: readonly Variant[] = [],
): Variant | undefined {
  const found = variants.find((one) => one === variant);
  if (variant === undefined || found !== undefined) return found;
  throw new OptionError({
    asked: `network '${variant}' of ${model}`,
    found: 'no such variant',
    fix: variants.length === 0 ? 'leave it out' : `choose ${variants.join(', ')}, or leave it out`,
  });
}
