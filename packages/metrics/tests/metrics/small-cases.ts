import type { SceneScores } from '../../src/scores.js';

/** Twelve clips of three labels; what is expected of them was computed by NumPy and SciPy from the metrics' definitions. */
const labels = ['a', 'b', 'c'];
const classes = [0, 1, 2, 0, 1, 2, 0, 0, 1, 2, 1, 0];
const probabilities = [
  [0.563, 0.279, 0.158],
  [0.164, 0.688, 0.148],
  [0.162, 0.584, 0.254],
  [0.323, 0.361, 0.316],
  [0.352, 0.34, 0.308],
  [0.503, 0.065, 0.432],
  [0.483, 0.328, 0.189],
  [0.574, 0.075, 0.351],
  [0.334, 0.643, 0.023],
  [0.127, 0.208, 0.665],
  [0.095, 0.74, 0.165],
  [0.266, 0.636, 0.098],
];
const held = [
  [1, 0, 1],
  [0, 1, 0],
  [0, 0, 0],
  [1, 0, 0],
  [0, 1, 0],
  [1, 1, 1],
  [1, 0, 1],
  [0, 0, 0],
  [0, 0, 1],
  [1, 1, 1],
  [1, 0, 1],
  [0, 1, 0],
];
const answered = [
  [0.57, 0.3, 0.88],
  [0.48, 0.6, 0.25],
  [0.27, 0.68, 0.24],
  [0.61, 0.4, 0.3],
  [0.28, 0.41, 0.32],
  [0.58, 0.87, 0.8],
  [0.67, 0.48, 0.6],
  [0.57, 0.32, 0.46],
  [0.11, 0.4, 0.28],
  [0.22, 0.61, 0.46],
  [0.71, 0.82, 0.48],
  [0.2, 0.72, 0.44],
];

/** One label a clip. */
export const multiclass: SceneScores = {
  predictions: Float64Array.from(probabilities.flat()),
  targets: Uint8Array.from(classes.flatMap((own) => labels.map((_, label) => Number(label === own)))),
  labels,
  predictionType: 'multiclass',
};

/** Any number of labels a clip. */
export const multilabel: SceneScores = {
  predictions: Float64Array.from(answered.flat()),
  targets: Uint8Array.from(held.flat()),
  labels,
  predictionType: 'multilabel',
};
