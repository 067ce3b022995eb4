import { Random } from '@hearken/metrics';
import { eigenvectors, fixSign } from '../../probes/pca/eigenvectors.js';
import { checkEmbeddings } from './check-embeddings.js';

/** Up to this size, eigenvectors are computed in no time. */
const exactOrder = 192;
/** Number of directions of the subspace used for larger sizes, and number of subspace iterations. */
const sketchSize = 16;
const sketchTurns = 8;
/** A variance below this share of the largest is rounding: its coordinate is 0. */
const rounding = 1e-10;

/**
 * Projects embeddings onto the plane in which they differ most: their first two principal components, for a picture.
 *
 * The same embeddings give the same points: an axis points to where its largest loading is positive. A single embedding
 * is at the origin; two are on a line, and so are more if they vary along one direction only.
 *
 * For many large embeddings, the components are computed in a subspace: that of 16 random directions after eight
 * subspace iterations (Halko, Martinsson and Tropp 2011, arXiv 0909.4061, algorithm 4.4), with a fixed seed.
 *
 * @param embeddings `[count, size]`
 * @returns `[count, 2]`
 * @throws EmbedderError for embeddings of the wrong size or not finite
 */
export function projectOntoPlane(embeddings: Float32Array, size: number): Float32Array {
  const count = checkEmbeddings(embeddings, size);
  const points = new Float32Array(2 * count);
  const centred = centre(embeddings, count, size);
  if (count === 0 || centred.every((value) => value === 0)) return points;
  const exact = Math.min(count, size) <= exactOrder;
  const rows = exact ? { values: centred, width: size } : sketched(centred, count, size);
  for (const [place, score] of leadingScores(rows.values, count, rows.width).entries()) {
    const axis = multiplyTransposed(centred, score, count, size, 1);
    const before = axis.slice();
    fixSign(axis);
    const sign = before.some((value, index) => value !== axis[index]) ? -1 : 1;
    score.forEach((value, row) => (points[2 * row + place] = sign * value));
  }
  return points;
}

/** The embeddings minus their mean: `[count, size]`. Constant values become exactly 0. */
function centre(embeddings: Float32Array, count: number, size: number): Float64Array {
  const centred = Float64Array.from(embeddings);
  for (let column = 0; column < size; column += 1) {
    // Relative to the first row, so that equal values leave no rounding errors.
    const first = count > 0 ? embeddings[column] : 0;
    let sum = 0;
    for (let row = 0; row < count; row += 1) sum += embeddings[row * size + column] - first;
    const mean = first + sum / count;
    for (let row = 0; row < count; row += 1) centred[row * size + column] -= mean;
  }
  return centred;
}

/** Coordinates of each row along the two directions in which the rows vary most, or fewer if there are fewer. */
function leadingScores(rows: Float64Array, count: number, width: number): Float64Array[] {
  const ofRows = count <= width;
  const order = ofRows ? count : width;
  const products = ofRows
    ? multiply(rows, transposed(rows, count, width), count, width, count)
    : multiplyTransposed(rows, rows, count, width, width);
  const { vectors, values } = eigenvectors(products, order);
  const kept = values.slice(0, 2).filter((value) => value > rounding * values[0]);
  return kept.map((value, component) => {
    const vector = Float64Array.from({ length: order }, (_, index) => vectors.get(index, component));
    // An eigenvector of the Gram matrix has the scores themselves, except for their scale.
    return ofRows ? vector.map((share) => share * Math.sqrt(value)) : multiply(rows, vector, count, width, 1);
  });
}

/** The rows' coordinates in a subspace of the directions along which they vary most. */
function sketched(rows: Float64Array, count: number, size: number): { values: Float64Array; width: number } {
  const random = new Random(0);
  let basis: Float64Array = Float64Array.from({ length: size * sketchSize }, () => random.normal());
  for (let turn = 0; turn < sketchTurns; turn += 1) {
    const images = multiply(rows, basis, count, size, sketchSize);
    basis = orthonormalised(multiplyTransposed(rows, images, count, size, sketchSize), size, sketchSize);
  }
  return { values: multiply(rows, basis, count, size, sketchSize), width: sketchSize };
}

/** Makes the columns of `[size, width]` orthonormal (Gram-Schmidt, twice); linearly dependent ones become 0. */
function orthonormalised(columns: Float64Array, size: number, width: number): Float64Array {
  const along = (left: number, right: number) => {
    let sum = 0;
    for (let row = 0; row < size; row += 1) sum += columns[row * width + left] * columns[row * width + right];
    return sum;
  };
  for (let column = 0; column < width; column += 1) {
    const before = Math.sqrt(along(column, column));
    for (let pass = 0; pass < 2; pass += 1) {
      for (let other = 0; other < column; other += 1) {
        const share = along(column, other);
        for (let row = 0; row < size; row += 1) columns[row * width + column] -= share * columns[row * width + other];
      }
    }
    const length = Math.sqrt(along(column, column));
    const scale = length > rounding * before ? 1 / length : 0;
    for (let row = 0; row < size; row += 1) columns[row * width + column] *= scale;
  }
  return columns;
}

/** `left [count, inner] @ right [inner, width]` */
function multiply(left: Float64Array, right: Float64Array, count: number, inner: number, width: number): Float64Array {
  const product = new Float64Array(count * width);
  for (let row = 0; row < count; row += 1) {
    for (let index = 0; index < inner; index += 1) {
      const factor = left[row * inner + index];
      for (let column = 0; column < width; column += 1) {
        product[row * width + column] += factor * right[index * width + column];
      }
    }
  }
  return product;
}

/** The transpose of `left [count, inner]`, times `right [count, width]` */
function multiplyTransposed(
  left: Float64Array,
  right: Float64Array,
  count: number,
  inner: number,
  width: number,
): Float64Array {
  const product = new Float64Array(inner * width);
  for (let row = 0; row < count; row += 1) {
    for (let index = 0; index < inner; index += 1) {
      const factor = left[row * inner + index];
      for (let column = 0; column < width; column += 1) {
        product[index * width + column] += factor * right[row * width + column];
      }
    }
  }
  return product;
}

function transposed(rows: Float64Array, count: number, width: number): Float64Array {
  const turned = new Float64Array(rows.length);
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < width; column += 1) turned[column * count + row] = rows[row * width + column];
  }
  return turned;
}
