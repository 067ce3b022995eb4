import { Rows } from './rows.js';

/** Centres and scales embeddings: `(x - mean) * factor`. */
export interface Standardization {
  /** `[size]` */
  readonly mean: Float32Array;
  /** 1 over the standard deviation of each value, and 0 for constant values: `[size]`. */
  readonly factor: Float32Array;
}

/** A float32 value whose deviation is below this share of its magnitude only varies by rounding. */
const rounding = 1e-6;

/** Mean and standard deviation (n in the denominator) of each value of the embeddings over all rows. */
export function standardization(rows: Rows): Standardization {
  const mean = new Float64Array(rows.size);
  const squares = new Float64Array(rows.size);
  forEachValue(rows, (index, value) => (mean[index] += value));
  for (let index = 0; index < rows.size; index += 1) mean[index] /= rows.count;
  forEachValue(rows, (index, value) => (squares[index] += (value - mean[index]) ** 2));
  const factor = squares.map((square, index) => {
    const deviation = Math.sqrt(square / rows.count);
    return deviation <= rounding * Math.abs(mean[index]) ? 0 : 1 / deviation;
  });
  return { mean: Float32Array.from(mean), factor: Float32Array.from(factor) };
}

/** The same rows with standardised embeddings, all in memory. */
export function standardized(rows: Rows, { mean, factor }: Standardization): Rows {
  const { size } = rows;
  const scaled = new Float32Array(rows.count * size);
  for (const { start, embeddings } of rows.blocks(blockRows)) {
    embeddings.forEach((value, index) => {
      scaled[start * size + index] = (value - mean[index % size]) * factor[index % size];
    });
  }
  let offset = 0;
  return new Rows(
    rows.splits.map(({ stored: _, ...split }) => {
      const embeddings = scaled.subarray(offset * size, (offset + split.count) * size);
      offset += split.count;
      return { ...split, embeddings };
    }),
  );
}

/** Only the mean, for projections that keep the values' scales. */
export function centring(rows: Rows): Standardization {
  const { mean } = standardization(rows);
  return { mean, factor: new Float32Array(rows.size).fill(1) };
}

/** Number of rows processed at a time. */
const blockRows = 4096;

function forEachValue(rows: Rows, visit: (index: number, value: number) => void): void {
  const { size } = rows;
  for (const { embeddings } of rows.blocks(blockRows)) {
    for (let offset = 0; offset < embeddings.length; offset += size) {
      for (let index = 0; index < size; index += 1) visit(index, embeddings[offset + index]);
    }
  }
}
