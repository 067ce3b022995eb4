import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EmbeddedSplit } from '../../src/embeddings/embedded-split.js';
import type { StoredRows } from '@hearken/artifacts/node';
import { reopenedSplits } from '../../src/embeddings/reopened-splits.node.js';
import { rowsOfFile } from './rows-of-file.js';
import { pickClips } from '../../src/embeddings/pick-clips.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();

/** Three clips with 2, 1 and 3 frames; the embedding of row r is [10 r, 10 r + 1]. */
const events: EmbeddedSplit = {
  embeddings: Float32Array.from({ length: 12 }, (_, index) => 10 * Math.floor(index / 2) + (index % 2)),
  count: 6,
  size: 2,
  targets: Uint8Array.of(1, 0, 0, 1, 0, 0),
  clipNames: ['a', 'b', 'c'],
  clipOf: Uint32Array.of(0, 0, 1, 2, 2, 2),
  timestamps: Float64Array.of(0, 50, 0, 0, 50, 100),
  events: [[{ label: 'x', start: 0, end: 10 }], [], [{ label: 'x', start: 0, end: 20 }]],
};

describe('pickClips', () => {
  it('takes the rows of the clips, in order', () => {
    const picked = pickClips(events, [0, 2]);
    expect(picked).toMatchObject({ count: 5, size: 2, clipNames: ['a', 'c'] });
    expect([...picked.embeddings]).toEqual([0, 1, 10, 11, 30, 31, 40, 41, 50, 51]);
    expect([...picked.targets]).toEqual([1, 0, 1, 0, 0]);
    expect([...picked.clipOf]).toEqual([0, 0, 1, 1, 1]);
    expect([...picked.timestamps!]).toEqual([0, 50, 0, 50, 100]);
    expect(picked.events).toEqual([events.events![0], events.events![2]]);
    expect(pickClips(events, [0, 1, 2])).toBe(events);
  });

  it('takes the values of a regression task', () => {
    const numbers: EmbeddedSplit = {
      embeddings: Float32Array.of(1, 2, 3),
      count: 3,
      size: 1,
      targets: new Uint8Array(),
      values: Float64Array.of(1, 2, 3, 4, 5, 6),
      clipNames: ['a', 'b', 'c'],
      clipOf: Uint32Array.of(0, 1, 2),
    };
    const picked = pickClips(numbers, [1]);
    expect([...picked.values!]).toEqual([3, 4]);
    expect(picked.targets).toHaveLength(0);
    expect([...picked.embeddings]).toEqual([2]);
  });

  it('leaves rows in their file, also for another thread, and picks of picks', async () => {
    const path = join(await temporaryFolder(), 'rows.f32');
    await writeFile(path, new Uint8Array(events.embeddings.buffer));
    const stored = rowsOfFile(path, 2);
    const picked = pickClips({ ...events, embeddings: new Float32Array(), stored }, [0, 2]);
    const again = pickClips(picked, [1]);
    const [reopened] = reopenedSplits(new Map([['split', structuredClone(again)]])).values();
    for (const split of [again, reopened]) {
      const rows = new Float32Array(8);
      split.stored!.read(1, 2, rows, 2);
      expect([...rows]).toEqual([0, 0, 40, 41, 50, 51, 0, 0]);
      (split.stored as StoredRows).close();
    }
    const all = new Float32Array(10);
    picked.stored!.read(0, 5, all, 0);
    expect([...all]).toEqual([0, 1, 10, 11, 30, 31, 40, 41, 50, 51]);
    (picked.stored as StoredRows).close();
    stored.close();
  });
});
