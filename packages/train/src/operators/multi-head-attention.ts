import { floatOf, integerOf } from '../graph/attributes.js';
import type { Emitter, GraphValue, Operator, OperatorNode } from '../graph/contracts.js';
import { add, multiply, product, reshape, subtract, sum, sumTo, transpose } from './emit.js';
import { checkFits, nodeError, required } from './shapes.js';

const type = 'com.microsoft.MultiHeadAttention';

/**
 * softmax(Q K' / sqrt(width of a head) + bias) V for each head (Vaswani et al. 2017, arXiv 1706.03762, section 3.2).
 * With P the probabilities, O the output and g its gradient, that of the scores is P (g V' - rowsum(g O)): the sum of P
 * and its gradient over the keys is one over the head's width (Dao et al. 2022, arXiv 2205.14135, appendix B.2).
 */
export const multiHeadAttention: Operator = {
  type,
  infer(node) {
    const [query, value] = [required(node, 0), required(node, 2)];
    checkFits(node, query.shape.length === 3 && value.shape.length === 3);
    return [{ dataType: query.dataType, shape: [query.shape[0], query.shape[1], value.shape[2]] }];
  },
  train(graph, node) {
    const bias = node.inputs[5];
    refuseOthers(node);
    const heads = integerOf(node, 'num_heads', 1);
    const [query, key, value] = [0, 1, 2].map((index) => splitHeads(graph, required(node, index), heads));
    const given = floatOf(node, 'scale', 0);
    const alpha = given === 0 ? 1 / Math.sqrt(query.shape[3]) : given;
    const products = product(graph, query, key, { transB: true, alpha });
    const scores = bias === undefined ? products : add(graph, products, bias);
    const shares = graph.add('Softmax', [scores], { attributes: { axis: -1n } });
    const attended = product(graph, shares, value);
    return {
      outputs: [joinHeads(graph, attended)],
      backward([gradient], [wantsQuery, wantsKey, wantsValue, , , wantsBias]) {
        if (gradient === undefined) return [];
        const inner = splitHeads(graph, gradient, heads);
        const ofValue = wantsValue ? product(graph, shares, inner, { transA: true }) : undefined;
        const ofScores = () => {
          const level = sum(graph, multiply(graph, inner, attended), [3], true);
          return multiply(graph, shares, subtract(graph, product(graph, inner, value, { transB: true }), level));
        };
        const slopes = wantsQuery || wantsKey || wantsBias ? ofScores() : undefined;
        const ofQuery = slopes && wantsQuery ? product(graph, slopes, key, { alpha }) : undefined;
        const ofKey = slopes && wantsKey ? product(graph, slopes, query, { transA: true, alpha }) : undefined;
        const joined = [ofQuery, ofKey, ofValue].map((one) => one && joinHeads(graph, one));
        return [
          ...joined,
          undefined,
          undefined,
          slopes && wantsBias && bias ? sumTo(graph, slopes, bias.shape) : undefined,
        ];
      },
    };
  },
};

/** `[n, tokens, width]` to `[n, heads, tokens, width / heads]` */
function splitHeads(graph: Emitter, value: GraphValue, heads: number): GraphValue {
  const [batch, tokens, width] = value.shape;
  return transpose(graph, reshape(graph, value, [batch, tokens, heads, width / heads]), [0, 2, 1, 3]);
}

function joinHeads(graph: Emitter, value: GraphValue): GraphValue {
  const [batch, heads, tokens, width] = value.shape;
  return reshape(graph, transpose(graph, value, [0, 2, 1, 3]), [batch, tokens, heads * width]);
}

function refuseOthers(node: OperatorNode): void {
  const others = node.inputs.flatMap((input, index) =>
    input !== undefined && ![0, 1, 2, 5].includes(index) ? [index] : [],
  );
  if (others.length === 0 && node.outputCount === 1 && integerOf(node, 'unidirectional', 0) === 0) return;
  throw nodeError(
    node,
    'a bias of the projections, a mask of padding, a cache or a causal mask',
    'write the attention out with MatMul and Softmax',
  );
}
