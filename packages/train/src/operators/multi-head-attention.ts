import { floatOf, integerOf } from '../graph/attributes.js';
import type { Emitter, GraphValue, Operator, OperatorNode, TrainingForm } from '../graph/contracts.js';
import { add, after, multiply, product, reshape, subtract, sum, sumTo, transpose } from './emit.js';
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
  train(graph, node, { recomputeAttention }) {
    refuseOthers(node);
    const heads = integerOf(node, 'num_heads', 1);
    const [query, key] = [required(node, 0), required(node, 1)];
    const headWidth = query.shape[2] / heads;
    const isLarge = key.shape[1] >= largeTimes * headWidth;
    return (recomputeAttention ?? isLarge) ? recomputed(graph, node, heads) : kept(graph, node, heads);
  },
};

/** Shares are large from this many times as many tokens as the width of a head: then layers' shares are most of memory. */
const largeTimes = 4;

/** What the gradients are made from, each by head: `[n, heads, tokens, width / heads]`. */
interface Saved {
  readonly query: GraphValue;
  readonly key: GraphValue;
  readonly value: GraphValue;
  /** `[n, heads, tokens, tokens]` */
  readonly shares: GraphValue;
  /** The factor of the scores. */
  readonly alpha: number;
}

/** Keeps the shares. */
function kept(graph: Emitter, node: OperatorNode, heads: number): TrainingForm {
  const [query, key, value] = [0, 1, 2].map((index) => splitHeads(graph, required(node, index), heads));
  const alpha = factorOf(node, query);
  const shares = sharesOf(graph, query, key, alpha, node.inputs[5]);
  const attended = product(graph, shares, value);
  const output = joinHeads(graph, attended);
  return {
    outputs: [output],
    backward: ([gradient], wanted) =>
      gradient === undefined
        ? []
        : gradients(graph, { query, key, value, shares, alpha }, { output, gradient, bias: node.inputs[5] }, wanted),
  };
}

/**
 * Keeps nothing but inputs and output: the runtime's operator in the forward pass, and the shares once more in the
 * backward pass. The factor of the scores then depends on the output's gradient, so that no runtime computes the shares
 * before it needs them.
 */
function recomputed(graph: Emitter, node: OperatorNode, heads: number): TrainingForm {
  const output = graph.add(type, node.inputs, { attributes: node.attributes });
  return {
    outputs: [output],
    backward([gradient], wanted) {
      if (gradient === undefined) return [];
      const [query, key, value] = [0, 1, 2].map((index) => splitHeads(graph, required(node, index), heads));
      const alpha = factorOf(node, query);
      const late = multiply(graph, query, after(graph, alpha, gradient));
      const shares = sharesOf(graph, late, key, 1, node.inputs[5]);
      return gradients(graph, { query, key, value, shares, alpha }, { output, gradient, bias: node.inputs[5] }, wanted);
    },
  };
}

function factorOf(node: OperatorNode, query: GraphValue): number {
  const given = floatOf(node, 'scale', 0);
  return given === 0 ? 1 / Math.sqrt(query.shape[3]) : given;
}

function sharesOf(graph: Emitter, query: GraphValue, key: GraphValue, alpha: number, bias: GraphValue | undefined) {
  const products = product(graph, query, key, { transB: true, alpha });
  const scores = bias === undefined ? products : add(graph, products, bias);
  return graph.add('Softmax', [scores], { attributes: { axis: -1n } });
}

function gradients(
  graph: Emitter,
  { query, key, value, shares, alpha }: Saved,
  { output, gradient, bias }: { output: GraphValue; gradient: GraphValue; bias: GraphValue | undefined },
  [wantsQuery, wantsKey, wantsValue, , , wantsBias]: readonly boolean[],
): (GraphValue | undefined)[] {
  const heads = query.shape[1];
  const inner = splitHeads(graph, gradient, heads);
  const ofValue = wantsValue ? product(graph, shares, inner, { transA: true }) : undefined;
  const ofScores = () => {
    const level = byHead(graph, multiply(graph, gradient, output), heads);
    return multiply(graph, shares, subtract(graph, product(graph, inner, value, { transB: true }), level));
  };
  const slopes = wantsQuery || wantsKey || wantsBias ? ofScores() : undefined;
  const ofQuery = slopes && wantsQuery ? product(graph, slopes, key, { alpha }) : undefined;
  const ofKey = slopes && wantsKey ? product(graph, slopes, query, { transA: true, alpha }) : undefined;
  const joined = [ofQuery, ofKey, ofValue].map((one) => one && joinHeads(graph, one));
  const ofBias = slopes && wantsBias && bias ? sumTo(graph, slopes, bias.shape) : undefined;
  return [...joined, undefined, undefined, ofBias];
}

/** The sum over the width of each head: `[n, tokens, width]` to `[n, heads, tokens, 1]`. */
function byHead(graph: Emitter, value: GraphValue, heads: number): GraphValue {
  const [batch, tokens, width] = value.shape;
  const sums = sum(graph, reshape(graph, value, [batch, tokens, heads, width / heads]), [3], true);
  return transpose(graph, sums, [0, 2, 1, 3]);
}

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
