import type { RegressionScores } from '../src/scores.js';

const values = [
  [4.65, 193.82],
  [6.4, 215.6],
  [2.93, 197.62],
  [5.07, 168.37],
  [5.52, 174.26],
  [6.94, 205.78],
  [5.18, 182.27],
  [4.76, 140.07],
];
const predictions = [
  [3.52, 197.45],
  [4.27, 224.07],
  [1.18, 205.19],
  [4.22, 176.16],
  [5.65, 158.89],
  [8.19, 220.2],
  [5.11, 179.53],
  [4.6, 130.32],
];

/** Eight clips of two targets of unlike size; what is expected of them was computed by NumPy and SciPy. */
export const numbers: RegressionScores = {
  predictions: Float64Array.from(predictions.flat()),
  values: Float64Array.from(values.flat()),
  labels: ['litres', 'seconds'],
};

/** One target. */
export function column(predicted: readonly number[], measured: readonly number[]): RegressionScores {
  return { predictions: Float64Array.from(predicted), values: Float64Array.from(measured), labels: ['age'] };
}
