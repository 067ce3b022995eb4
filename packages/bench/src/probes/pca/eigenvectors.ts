import { Matrix } from 'ml-matrix';
import { PCA } from 'ml-pca';

/** Eigenvectors as columns, and eigenvalues, in decreasing order, of a symmetric matrix `[size, size]`. */
export function eigenvectors(symmetric: Float64Array, size: number): { vectors: Matrix; values: number[] } {
  const matrix = Matrix.from1DArray(size, size, symmetric);
  const pca = new PCA(matrix, { isCovarianceMatrix: true });
  return { vectors: pca.getEigenvectors(), values: pca.getEigenvalues() };
}

/** An axis and its negative are the same axis; the one with the larger positive end is chosen. */
export function fixSign(axis: Float32Array | Float64Array): void {
  let largest = 0;
  for (const value of axis) if (Math.abs(value) > Math.abs(largest)) largest = value;
  if (largest < 0) axis.forEach((value, index) => (axis[index] = -value));
}
