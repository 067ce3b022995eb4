import type { EmbeddedSplit } from '../embeddings/embedded-split.js';

/** Adjacent rows, as views of their split. */
export interface RowBlock {
  /** Index of the first one. */
  readonly start: number;
  /** Number of rows. */
  readonly count: number;
  /** `[count, size]` */
  readonly embeddings: Float32Array;
  /** `[count, outputs]`; empty for regression. */
  readonly targets: Uint8Array;
}

/** The rows of one or more splits as one list, without copying the embeddings. */
export class Rows {
  /** Number of rows of all splits. */
  readonly count: number;
  /** Values per embedding. */
  readonly size: number;
  /** Labels, or the targets of a regression task. */
  readonly outputs: number;
  /** First row of each split, and the total number of rows at the end. */
  readonly #starts: number[] = [0];

  constructor(
    /** The splits, one after another. */
    readonly splits: readonly EmbeddedSplit[],
  ) {
    for (const split of splits) this.#starts.push(this.#starts[this.#starts.length - 1] + split.count);
    this.count = this.#starts[splits.length];
    this.size = splits[0].size;
    const first = splits.find((split) => split.count > 0);
    this.outputs = first === undefined ? 0 : (first.values ?? first.targets).length / first.count;
  }

  /**
   * Copies rows to the start of a batch, in the given order.
   *
   * @param rows row indices; those from `start` to `end` (exclusive) are copied
   * @param embeddings `[end - start, size]` or longer
   * @param targets `[end - start, outputs]` or longer: labels, or a regression task's values
   */
  gather(rows: readonly number[], start: number, end: number, embeddings: Float32Array, targets: Float32Array): void {
    const { size, outputs } = this;
    const starts = this.#starts;
    for (let position = start; position < end; position += 1) {
      const row = rows[position];
      let index = 0;
      while (row >= starts[index + 1]) index += 1;
      const split = this.splits[index];
      const place = row - starts[index];
      if (split.stored !== undefined) split.stored.read(place, 1, embeddings, (position - start) * size);
      else copyValues(split.embeddings, place * size, embeddings, (position - start) * size, size);
      copyValues(split.values ?? split.targets, place * outputs, targets, (position - start) * outputs, outputs);
    }
  }

  /** All rows in order, at most `largest` at a time; a block is valid until the next one is requested. */
  *blocks(largest: number): Generator<RowBlock> {
    const { outputs } = this;
    for (const [index, split] of this.splits.entries()) {
      for (const { start, count, embeddings } of embeddingBlocks(split, largest)) {
        const targets = split.targets.subarray(start * outputs, (start + count) * outputs);
        yield { start: this.#starts[index] + start, count, embeddings, targets };
      }
    }
  }

  /** All values of a regression task, `[count, outputs]`. */
  values(): Float64Array {
    const values = new Float64Array(this.count * this.outputs);
    this.splits.forEach((split, index) => {
      if (split.values !== undefined) values.set(split.values, this.#starts[index] * this.outputs);
    });
    return values;
  }

  /** All targets, `[count, outputs]`. */
  targets(): Uint8Array {
    const targets = new Uint8Array(this.count * this.outputs);
    this.splits.forEach((split, index) => targets.set(split.targets, this.#starts[index] * this.outputs));
    return targets;
  }

  /** A number for each row that is the same for rows of one clip. */
  clips(): Uint32Array {
    const clips = new Uint32Array(this.count);
    let before = 0;
    this.splits.forEach((split, index) => {
      for (let row = 0; row < split.count; row += 1) clips[this.#starts[index] + row] = before + split.clipOf[row];
      before += split.clipNames.length;
    });
    return clips;
  }

  /** The same rows with other embeddings, `[count, size]`. */
  withEmbeddings(embeddings: Float32Array, size: number): Rows {
    return new Rows(
      this.splits.map((split, index) => ({
        ...split,
        stored: undefined,
        embeddings: embeddings.subarray(this.#starts[index] * size, this.#starts[index + 1] * size),
        size,
      })),
    );
  }
}

/** The embeddings of a split, at most `largest` rows at a time; a block is valid until the next one is requested. */
export function* embeddingBlocks(
  { embeddings, stored, count: rows, size }: Pick<EmbeddedSplit, 'embeddings' | 'stored' | 'count' | 'size'>,
  largest: number,
): Generator<Omit<RowBlock, 'targets'>> {
  // The same memory is reused for each block.
  const buffer = stored === undefined ? undefined : new Float32Array(Math.min(largest, rows) * size);
  for (let start = 0; start < rows; start += largest) {
    const count = Math.min(largest, rows - start);
    if (buffer !== undefined) stored?.read(start, count, buffer, 0);
    const values = buffer?.subarray(0, count * size) ?? embeddings.subarray(start * size, (start + count) * size);
    yield { start, count, embeddings: values };
  }
}

type Values = Float32Array | Float64Array | Uint8Array;

/** For fewer values, creating a view takes longer than copying them one by one. */
const worthAView = 64;

function copyValues(from: Values, start: number, to: Float32Array, offset: number, count: number): void {
  if (count >= worthAView) {
    to.set(from.subarray(start, start + count), offset);
    return;
  }
  for (let index = 0; index < count; index += 1) to[offset + index] = from[start + index];
}
