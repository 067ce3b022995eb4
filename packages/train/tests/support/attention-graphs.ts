import {
  add,
  type GraphBuilder,
  linear,
  matmul,
  multiHeadAttention,
  multiply,
  reshape,
  slice,
  transpose,
  type Value,
} from '@hearken/onnx';
import { numberOf, type OperatorCase, type OperatorGraph } from './operator-case.js';

/** Attention in the forms that models have: fused, and written out where something is done to scores or shares. */
export const attentionGraph: OperatorGraph = (graph, inputs, one) => {
  if ('heads' in one.attributes) return fusedProjections(graph, inputs, one);
  const { q, k, v, mask, table } = inputs;
  const [batch, heads, tokens, width] = one.inputs.q;
  const valid = one.attributes.validKeys as number[] | undefined;
  if (mask === undefined && table === undefined && valid === undefined) {
    return plain(graph, { q, k, v }, [batch, heads, tokens, width]);
  }
  const products = matmul(graph, q, transpose(graph, k, [0, 1, 3, 2]));
  let scores = multiply(graph, products, graph.constant(1 / Math.sqrt(width)));
  if (valid !== undefined) scores = add(graph, scores, paddingOf(graph, valid, tokens));
  if (table !== undefined) scores = add(graph, scores, positionsOf(graph, table, one, tokens));
  let shares = graph.node('Softmax', [scores], { attributes: { axis: -1n } });
  if (mask !== undefined) {
    shares = multiply(graph, multiply(graph, shares, mask), graph.constant(1 / (1 - numberOf(one, 'p'))));
  }
  return matmul(graph, shares, v);
};

/** The runtime's operator, which has the heads next to each other. */
function plain(graph: GraphBuilder, { q, k, v }: Readonly<Record<'q' | 'k' | 'v', Value>>, shape: readonly number[]) {
  const [, heads, tokens, width] = shape;
  const joined = (value: Value) => reshape(graph, transpose(graph, value, [0, 2, 1, 3]), [-1, heads * width]);
  const sizes = { tokens, width: heads * width, heads };
  const attended = multiHeadAttention(graph, { query: joined(q), key: joined(k), value: joined(v) }, sizes);
  return transpose(graph, reshape(graph, attended, [-1, tokens, heads, width]), [0, 2, 1, 3]);
}

function paddingOf(graph: GraphBuilder, valid: readonly number[], tokens: number): Value {
  const values = valid.flatMap((count) => Array.from({ length: tokens }, (_, key) => (key < count ? 0 : -Infinity)));
  return graph.constant(values, [valid.length, 1, 1, tokens]);
}

function positionsOf(graph: GraphBuilder, table: Value, one: OperatorCase, tokens: number): Value {
  const index = (one.attributes.index as number[][]).flat();
  const rows = graph.node('Gather', [table, graph.integers(index, [tokens, tokens])], { attributes: { axis: 0n } });
  return transpose(graph, rows, [2, 0, 1]);
}

/** timm's attention: queries, keys and values from one matrix, and a projection behind them. */
function fusedProjections(graph: GraphBuilder, inputs: Readonly<Record<string, Value>>, one: OperatorCase): Value {
  const [, tokens, width] = one.inputs.x;
  const heads = numberOf(one, 'heads');
  const rows = reshape(graph, inputs.x, [-1, width]);
  const all = linear(graph, rows, inputs['qkv.weight'], inputs['qkv.bias']);
  const [query, key, value] = [0, 1, 2].map((part) => slice(graph, all, 1, part * width, (part + 1) * width));
  const attended = multiHeadAttention(graph, { query, key, value }, { tokens, width, heads });
  return reshape(graph, linear(graph, attended, inputs['proj.weight'], inputs['proj.bias']), one.output);
}
