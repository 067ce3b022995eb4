import type { EmbeddedSplit } from '../../evaluation/evaluation.js';

/** The rows of one split or more, as one list, without copying the embeddings. */
export class Rows {
  readonly count: number;
  readonly size: number;
  /** Labels. */
  readonly outputs: number;
  /** First row of each split, and the count of all rows at the end. */
  readonly #starts: number[] = [0];

  constructor(readonly splits: readonly EmbeddedSplit[]) {
    for (const split of splits) this.#starts.push(this.#starts[this.#starts.length - 1] + split.count);
    this.count = this.#starts[splits.length];
    this.size = splits[0].size;
    const first = splits.find((split) => split.count > 0);
    this.outputs = first === undefined ? 0 : first.targets.length / first.count;
  }

  /** Copies row `row` to position `position` of a batch. */
  copy(row: number, position: number, embeddings: Float32Array, targets: Float32Array): void {
    let index = 0;
    while (row >= this.#starts[index + 1]) index += 1;
    const split = this.splits[index];
    const own = row - this.#starts[index];
    const { size, outputs } = this;
    embeddings.set(split.embeddings.subarray(own * size, (own + 1) * size), position * size);
    targets.set(split.targets.subarray(own * outputs, (own + 1) * outputs), position * outputs);
  }

  /** All targets, `[count, outputs]`. */
  targets(): Uint8Array {
    const targets = new Uint8Array(this.count * this.outputs);
    this.splits.forEach((split, index) => targets.set(split.targets, this.#starts[index] * this.outputs));
    return targets;
  }
}
