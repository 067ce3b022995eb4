import { type LoadOptions, OptionError } from '@hearken/core';
import { defaultMelBands } from './mel.js';
import type { BaselineOptions } from './model.js';

/** With more bands the narrowest filters would fall between two bins of the transform. */
const mostMelBands = 96;

/**
 * Checks the options' values and fills in defaults; that their names are known, `definePlugin` has checked.
 *
 * @returns what changes the embedding, as the provenance keeps it
 */
export function checkOptions(model: string, { melBands }: LoadOptions): BaselineOptions {
  if (model !== 'mel') {
    if (melBands === undefined) return {};
    throw new OptionError({
      asked: `option melBands of baseline:${model}`,
      found: 'a model without mel bands',
      fix: "leave the option out, or choose model 'mel'",
    });
  }
  if (melBands === undefined) return { melBands: defaultMelBands };
  if (typeof melBands !== 'number' || !Number.isInteger(melBands) || melBands < 1 || melBands > mostMelBands) {
    throw new OptionError({
      asked: `option melBands ${JSON.stringify(melBands)}`,
      found: 'not a count of mel bands that the model can make',
      fix: `pass an integer from 1 to ${mostMelBands}`,
    });
  }
  return { melBands };
}
