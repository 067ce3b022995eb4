import { columnMean, definedVariance, regressionMetric } from '../regression-scores.js';

export default regressionMetric(
  {
    name: 'r2',
    summary:
      "Coefficient of determination: 1 at best, 0 for always predicting the test clips' mean; the mean over targets, undefined if one does not vary",
    maximize: true,
    range: [-Infinity, 1],
    intervalScale: 'log-complement',
  },
  (column) => {
    const mean = columnMean(column, (_, value) => value);
    const variance = columnMean(column, (_, value) => (value - mean) ** 2);
    const error = columnMean(column, (prediction, value) => (prediction - value) ** 2);
    return 1 - error / definedVariance(variance, mean);
  },
);
