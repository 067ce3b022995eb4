import { columnMean, regressionMetric } from '../regression-scores.js';

export default regressionMetric(
  {
    name: 'mae',
    summary: "Mean absolute error in the target's unit, 0 at best; the mean over targets",
    maximize: false,
    range: [0, Infinity],
    intervalScale: 'log',
  },
  (column) => columnMean(column, (prediction, value) => Math.abs(prediction - value)),
);
