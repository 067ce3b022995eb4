import { type LoadOptions, OptionError } from '@hearken/core';
import { defaultMelBands } from './mel.js';
import type { BaselineOptions } from './model.js';

/** With more bands, the narrowest filters would fall between two bins of the transform. */
const mostMelBands = 96;

/**
 * Checks the values of the options and fills in defaults; `definePlugin` has already checked their names.
 *
 * @returns the options that change the embedding, for the provenance
 */
export function checkOptions(model: string, { melBands }: LoadOptions): BaselineOptions {
  if (model !== 'mel') {
    if (melBands === undefined) return {};
    throw new OptionError({
      asked: `option melBands of baseline:${model}`,
      found: 'a model without mel bands',
      fix: "omit the option, or choose model 'mel'",
    });
  }
  if (melBands === undefined) return { melBands: defaultMelBands };
  if (typeof melBands !== 'number' || !Number.isInteger(melBands) || melBands < 1 || melBands > mostMelBands) {
    throw new OptionError({
      asked: `option melBands ${JSON.stringify(melBands)}`,
      found: 'not a possible number of mel bands',
      fix: `pass an integer from 1 to ${mostMelBands}`,
    });
  }
  return { melBands };
}
