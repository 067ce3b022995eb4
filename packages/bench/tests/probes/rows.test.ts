import { describe, expect, it } from 'vitest';
import { Rows } from '../../src/probes/rows.js';
import { rowsOf } from './rows-of.js';

/** Two splits of 3 and 2 rows; the first two rows are of one clip. */
function twoSplits(): Rows {
  const first = rowsOf([0, 1, 2, 3, 4, 5], [1, 0, 0, 1, 1, 1], 3, [0, 0, 2]);
  const second = rowsOf([6, 7, 8, 9], [0, 0, 1, 0], 2);
  return new Rows([...first.splits, ...second.splits]);
}

describe('rows of several splits', () => {
  it('are one list', () => {
    const rows = twoSplits();
    expect(rows).toMatchObject({ count: 5, size: 2, outputs: 2 });
    expect([...rows.targets()]).toEqual([1, 0, 0, 1, 1, 1, 0, 0, 1, 0]);
    const [embeddings, targets] = [new Float32Array(4), new Float32Array(4)];
    rows.gather([3, 4, 2], 1, 3, embeddings, targets);
    expect([...embeddings]).toEqual([8, 9, 4, 5]);
    expect([...targets]).toEqual([1, 0, 1, 1]);
  });

  it.each([1, 63, 64, 200])('are gathered in any order, %d values each', (size) => {
    const values = Float32Array.from({ length: 4 * size }, (_, index) => index / 7);
    const rows = rowsOf(values, [1, 0, 0, 1, 1, 1, 0, 0], 4);
    const [embeddings, targets] = [new Float32Array(2 * size), new Float32Array(4)];
    rows.gather([2, 0, 3, 1], 1, 3, embeddings, targets);
    expect([...embeddings]).toEqual([...values.subarray(0, size), ...values.subarray(3 * size)]);
    expect([...targets]).toEqual([1, 0, 0, 0]);
  });

  it('come in blocks that do not cross splits', () => {
    const blocks = [...twoSplits().blocks(2)];
    expect(blocks.map(({ start, count }) => [start, count])).toEqual([
      [0, 2],
      [2, 1],
      [3, 2],
    ]);
    expect(blocks.flatMap(({ embeddings }) => [...embeddings])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([...blocks[1].targets]).toEqual([1, 1]);
  });

  it('tell the clips of one split from those of another', () => {
    expect([...twoSplits().clips()]).toEqual([0, 0, 2, 3, 4]);
  });

  it('take other embeddings', () => {
    const rows = twoSplits().withEmbeddings(Float32Array.of(1, 2, 3, 4, 5), 1);
    expect(rows).toMatchObject({ count: 5, size: 1, outputs: 2 });
    expect([...rows.splits[1].embeddings]).toEqual([4, 5]);
    expect([...rows.targets()]).toEqual([...twoSplits().targets()]);
  });
});
