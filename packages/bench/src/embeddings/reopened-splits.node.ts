import { StoredRows } from '@hearken/artifacts/node';
import type { EmbeddedSplit } from './embedded-split.js';

/** Splits received from another thread, with their rows opened in this one. */
export function reopenedSplits(splits: ReadonlyMap<string, EmbeddedSplit>): Map<string, EmbeddedSplit> {
  return new Map(
    [...splits].map(([name, split]) => {
      if (split.stored === undefined) return [name, split];
      return [name, { ...split, stored: StoredRows.reopened(split.stored as StoredRows) }];
    }),
  );
}
