import { meanSquaredError } from '../losses/mean-squared-error.js';
import type { KindOfTargets } from './target-kind.js';

/** Numbers. */
export const regressionTargets: KindOfTargets = {
  targets: 'numbers to predict',
  isExclusive: false,
  loss: (graph, { logits, targets }) => meanSquaredError(graph, logits, targets),
};
