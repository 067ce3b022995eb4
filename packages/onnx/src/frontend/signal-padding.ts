import type { GraphBuilder, Value } from '../graph/graph-builder.js';
import { multiply, slice, subtract } from '../graph/layers.js';

/** Mirrors `amount` samples at both ends of `[n, samples]`, without repeating the edge (`torch.stft(center=True)`). */
export function reflectPad(graph: GraphBuilder, signal: Value, amount: number): Value {
  return graph.node('Pad', [signal, graph.integers([0, amount, 0, amount])], { attributes: { mode: 'reflect' } });
}

/** First-order high pass `y[t] = x[t + 1] - coefficient x[t]`: one sample shorter than `[n, samples]`. */
export function preEmphasis(graph: GraphBuilder, signal: Value, coefficient: number): Value {
  const scaled = multiply(graph, slice(graph, signal, 1, 0, -1), graph.constant(coefficient));
  return subtract(graph, slice(graph, signal, 1, 1, Infinity), scaled);
}

/** Adds `amount` zeros at the end of `[n, samples]`. */
export function zeroPadEnd(graph: GraphBuilder, signal: Value, amount: number): Value {
  return graph.node('Pad', [signal, graph.integers([0, 0, 0, amount])]);
}
