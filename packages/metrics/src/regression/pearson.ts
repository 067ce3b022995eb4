import { columnMean, definedVariance, regressionMetric } from '../regression-scores.js';

export default regressionMetric(
  {
    name: 'pearson',
    summary:
      "Pearson's correlation in [-1, 1]; the mean over targets, undefined if a target or its predictions do not vary",
    maximize: true,
    range: [-1, 1],
    intervalScale: 'fisher',
    // A constant has no correlation with anything; the formula divides by 0.
    chance: 0,
  },
  (column) => {
    const mean = columnMean(column, (_, value) => value);
    const meanPrediction = columnMean(column, (prediction) => prediction);
    const together = columnMean(column, (prediction, value) => (prediction - meanPrediction) * (value - mean));
    const variance = columnMean(column, (_, value) => (value - mean) ** 2);
    const predicted = columnMean(column, (prediction) => (prediction - meanPrediction) ** 2);
    const scale = Math.sqrt(definedVariance(variance, mean) * definedVariance(predicted, meanPrediction));
    // Rounding may move it slightly beyond 1.
    return Math.max(-1, Math.min(1, together / scale));
  },
);
