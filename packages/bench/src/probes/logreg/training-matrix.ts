import { Matrix } from 'ml-matrix';
import type { Rows } from '../rows.js';
import type { Standardization } from '../standardization.js';

const powerSteps = 50;

/** Standardised rows with a constant 1 appended to each, for a library that transposes them in every step. */
export class TrainingMatrix extends Matrix {
  #transposed: Matrix | undefined;

  static ofRows(rows: Rows, { mean, factor }: Standardization): TrainingMatrix {
    const matrix = new TrainingMatrix(rows.count, rows.size + 1);
    for (const { start, count, embeddings } of rows.blocks(rows.count)) {
      for (let row = 0; row < count; row += 1) {
        for (let index = 0; index < rows.size; index += 1) {
          matrix.set(start + row, index, (embeddings[row * rows.size + index] - mean[index]) * factor[index]);
        }
        matrix.set(start + row, rows.size, 1);
      }
    }
    return matrix;
  }

  /** The transposed matrix, always the same object; must not be changed. */
  override transpose(): Matrix {
    this.#transposed ??= super.transpose();
    return this.#transposed;
  }

  /** The largest eigenvalue of the product of the transposed matrix and this one, by power iteration. */
  largestEigenvalue(): number {
    let vector = Matrix.ones(this.columns, 1);
    let eigenvalue = 0;
    for (let step = 0; step < powerSteps; step += 1) {
      const image = this.transpose().mmul(this.mmul(vector));
      eigenvalue = image.norm('frobenius') / vector.norm('frobenius');
      vector = image.div(image.norm('frobenius'));
    }
    return eigenvalue;
  }
}
