import type { Operator } from '../graph/contracts.js';
import { required, sameAsInput } from './shapes.js';

/**
 * Dropout of a model for inference: nothing is dropped. A training form multiplies by a mask that is an input of the
 * graph, so that whoever trains decides what is dropped.
 */
export const dropout: Operator = {
  type: 'Dropout',
  infer: (node) => [...sameAsInput(node), { dataType: 'bool', shape: required(node, 0).shape }],
  train: (_, node) => ({ outputs: [required(node, 0)], backward: ([gradient]) => [gradient] }),
};
