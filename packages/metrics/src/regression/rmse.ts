import { columnMean, regressionMetric } from '../regression-scores.js';

export default regressionMetric(
  {
    name: 'rmse',
    summary: "Root of the mean squared error in the target's unit, 0 at best; the mean over targets",
    maximize: false,
    range: [0, Infinity],
    intervalScale: 'log',
  },
  (column) => Math.sqrt(columnMean(column, (prediction, value) => (prediction - value) ** 2)),
);
