import { integerOf } from '../graph/attributes.js';
import type { Operator } from '../graph/contracts.js';
import { dataTypeOf } from '../graph/tensor-elements.js';
import { nodeError, required } from './shapes.js';

/** Another element type. A gradient passes between floating-point types. */
export const cast: Operator = {
  type: 'Cast',
  infer(node) {
    const dataType = dataTypeOf(integerOf(node, 'to', 0));
    if (dataType === undefined) throw nodeError(node, `element type ${integerOf(node, 'to', 0)}`, 'use float32');
    return [{ dataType, shape: required(node, 0).shape }];
  },
  fold(node) {
    const isWhole = dataTypeOf(integerOf(node, 'to', 0))?.includes('int');
    return node.inputs[0]?.elements?.map((value) => (isWhole ? Math.trunc(value) : value));
  },
  train(_, node) {
    const input = required(node, 0);
    // A weight that is stored in 16 bits is trained in 32.
    if (input.dataType === dataTypeOf(integerOf(node, 'to', 0))) {
      return { outputs: [input], backward: ([gradient]) => [gradient] };
    }
    throw nodeError(node, `${input.dataType} converted on the way from a trained parameter`, 'train in float32');
  },
};
