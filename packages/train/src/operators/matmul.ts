import { floatOf, integerOf } from '../graph/attributes.js';
import type { Emitter, GraphValue, Operator, OperatorNode } from '../graph/contracts.js';
import { asMatrix, product, reshape, sumTo } from './emit.js';
import { broadcastShapes, checkFits, nodeError, required } from './shapes.js';

/** Matrix products over the last two axes, whose leading axes broadcast. */
export const matmulOperators: readonly Operator[] = [matmul('MatMul'), matmul('com.microsoft.FusedMatMul')];

interface Settings {
  readonly transA: boolean;
  readonly transB: boolean;
  readonly alpha: number;
}

function matmul(type: string): Operator {
  return {
    type,
    infer(node) {
      const [left, right] = [required(node, 0), required(node, 1)];
      const { transA, transB } = settingsOf(node);
      const [a, b] = [matrixShape(left.shape, transA, 'left'), matrixShape(right.shape, transB, 'right')];
      checkFits(node, left.shape.length > 0 && right.shape.length > 0 && a.at(-1) === b.at(-2));
      const leading = broadcastShapes(node, [a.slice(0, -2), b.slice(0, -2)]);
      const ends = [
        ...(left.shape.length > 1 ? [a[a.length - 2]] : []),
        ...(right.shape.length > 1 ? [b[b.length - 1]] : []),
      ];
      return [{ dataType: left.dataType, shape: [...leading, ...ends] }];
    },
    train(graph, node) {
      const [left, right] = [required(node, 0), required(node, 1)];
      const settings = settingsOf(node);
      const output = graph.add(type, [left, right], { attributes: node.attributes });
      return {
        outputs: [output],
        backward([gradient], [wantsLeft, wantsRight]) {
          if (gradient === undefined) return [];
          // A vector is a matrix with one row (left) or one column (right).
          const a = left.shape.length > 1 ? left : reshape(graph, left, [1, left.shape[0]]);
          const b = right.shape.length > 1 ? right : reshape(graph, right, [right.shape[0], 1]);
          const [rows, columns] = [
            matrixShape(a.shape, settings.transA, 'left'),
            matrixShape(b.shape, settings.transB, 'right'),
          ];
          const leading = broadcastShapes(node, [rows.slice(0, -2), columns.slice(0, -2)]);
          const full = reshape(graph, gradient, [...leading, rows[rows.length - 2], columns[columns.length - 1]]);
          return [
            wantsLeft ? reshape(graph, leftGradient(graph, a, b, full, settings), left.shape) : undefined,
            wantsRight ? reshape(graph, rightGradient(graph, a, b, full, settings), right.shape) : undefined,
          ];
        },
      };
    },
  };
}

function leftGradient(
  graph: Emitter,
  left: GraphValue,
  right: GraphValue,
  gradient: GraphValue,
  { transA, transB, alpha }: Settings,
): GraphValue {
  if (right.shape.length === 2 && !transA) {
    const flat = product(graph, asMatrix(graph, gradient), right, { transB: !transB, alpha });
    return sumTo(graph, reshape(graph, flat, [...gradient.shape.slice(0, -1), flat.shape[1]]), left.shape);
  }
  const full = transA
    ? product(graph, right, gradient, { transA: transB, transB: true, alpha })
    : product(graph, gradient, right, { transB: !transB, alpha });
  return sumTo(graph, full, left.shape);
}

function rightGradient(
  graph: Emitter,
  left: GraphValue,
  right: GraphValue,
  gradient: GraphValue,
  { transA, transB, alpha }: Settings,
): GraphValue {
  // A weight that is shared by the batch: one product over all rows, without a gradient for each.
  if (right.shape.length === 2 && !transA && left.shape.length === gradient.shape.length) {
    const [rows, slopes] = [asMatrix(graph, left), asMatrix(graph, gradient)];
    return transB
      ? product(graph, slopes, rows, { transA: true, alpha })
      : product(graph, rows, slopes, { transA: true, alpha });
  }
  const full = transB
    ? product(graph, gradient, left, { transA: true, transB: transA, alpha })
    : product(graph, left, gradient, { transA: !transA, alpha });
  return sumTo(graph, full, right.shape);
}

/** A factor's shape as it is multiplied. */
function matrixShape(shape: readonly number[], isTransposed: boolean, side: 'left' | 'right'): number[] {
  if (shape.length === 1) return side === 'left' ? [1, shape[0]] : [shape[0], 1];
  if (!isTransposed) return [...shape];
  return [...shape.slice(0, -2), shape[shape.length - 1], shape[shape.length - 2]];
}

function settingsOf(node: OperatorNode): Settings {
  if (integerOf(node, 'transBatchA', 0) !== 0 || integerOf(node, 'transBatchB', 0) !== 0) {
    throw nodeError(node, 'transBatchA or transBatchB', 'use a model whose leading axes are transposed by Transpose');
  }
  return {
    transA: integerOf(node, 'transA', 0) !== 0,
    transB: integerOf(node, 'transB', 0) !== 0,
    alpha: floatOf(node, 'alpha', 1),
  };
}
