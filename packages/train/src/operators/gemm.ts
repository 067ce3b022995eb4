import { floatOf, integerOf } from '../graph/attributes.js';
import type { Operator, OperatorNode } from '../graph/contracts.js';
import { product, scale, sumTo } from './emit.js';
import { checkFits, required } from './shapes.js';

/** alpha A' B' + beta C */
export const gemm: Operator = {
  type: 'Gemm',
  infer(node) {
    const [left, right] = [required(node, 0), required(node, 1)];
    checkFits(node, left.shape.length === 2 && right.shape.length === 2);
    const { transA, transB } = settingsOf(node);
    const [rows, inner] = transA ? [left.shape[1], left.shape[0]] : left.shape;
    const [otherInner, columns] = transB ? [right.shape[1], right.shape[0]] : right.shape;
    checkFits(node, inner === otherInner);
    return [{ dataType: left.dataType, shape: [rows, columns] }];
  },
  train(graph, node) {
    const [left, right, term] = [required(node, 0), required(node, 1), node.inputs[2]];
    const { transA, transB, alpha, beta } = settingsOf(node);
    return {
      outputs: [graph.add('Gemm', node.inputs, { attributes: node.attributes })],
      backward([gradient], [wantsLeft, wantsRight, wantsTerm]) {
        if (gradient === undefined) return [];
        const ofLeft = () =>
          transA
            ? product(graph, right, gradient, { transA: transB, transB: true, alpha })
            : product(graph, gradient, right, { transB: !transB, alpha });
        const ofRight = () =>
          transB
            ? product(graph, gradient, left, { transA: true, transB: transA, alpha })
            : product(graph, left, gradient, { transA: !transA, alpha });
        return [
          wantsLeft ? ofLeft() : undefined,
          wantsRight ? ofRight() : undefined,
          wantsTerm && term ? scale(graph, sumTo(graph, gradient, term.shape), beta) : undefined,
        ];
      },
    };
  },
};

function settingsOf(node: OperatorNode) {
  return {
    transA: integerOf(node, 'transA', 0) !== 0,
    transB: integerOf(node, 'transB', 0) !== 0,
    alpha: floatOf(node, 'alpha', 1),
    beta: floatOf(node, 'beta', 1),
  };
}
