import { didYouMean, OptionError } from '@hearken/core';

/** heareval's default grid, or one of its two smaller ones. */
export type GridName = 'default' | 'fast' | 'faster';

/** heareval's names for the grids, largest first. */
export const gridNames: readonly GridName[] = ['default', 'fast', 'faster'];

/** @throws OptionError for an unknown grid, with the nearest known one */
export function checkGridName(name: string): asserts name is GridName {
  if ((gridNames as readonly string[]).includes(name)) return;
  throw new OptionError({
    asked: `grid '${name}'`,
    found: 'no such grid',
    fix: `${didYouMean(name, gridNames)}known: ${gridNames.join(', ')}`,
  });
}
