// The order of a training graph's nodes in its file.
import { create } from '@bufbuild/protobuf';
import { NodeProtoSchema } from '@hearken/onnx/internal';
import { expect, it } from 'vitest';
import { orderNodes } from '../src/graph/order-nodes.js';

const node = (opType: string, input: string[], output: string) =>
  create(NodeProtoSchema, { name: output, opType, input, output: [output] });

it('puts what needs no gradient first, and gradients of parameters last, the first layer first', () => {
  const nodes = [
    node('Gemm', ['x', 'w1'], 'y1'),
    node('Gemm', ['y1', 'w2'], 'y2'),
    node('Gemm', ['y1', 'g'], 'dw2'),
    node('Identity', ['dw2'], 'grad/w2'),
    node('Gemm', ['w2', 'g'], 'd1'),
    node('Erf', ['y1'], 'e1'),
    node('Mul', ['d1', 'e1'], 'dy1'),
    node('Gemm', ['x', 'dy1'], 'dw1'),
    node('Identity', ['dw1'], 'grad/w1'),
  ];
  expect(orderNodes(nodes, 2, 'g').map(({ name }) => name)).toEqual([
    'y1',
    'y2',
    'e1',
    'd1',
    'dy1',
    'dw1',
    'grad/w1',
    'dw2',
    'grad/w2',
  ]);
});
