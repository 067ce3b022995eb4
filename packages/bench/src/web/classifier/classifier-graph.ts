import { add, GraphBuilder, multiply, selfContainedModel, subtract, type Value } from '@hearken/onnx';
import type { AffineMap } from '../../probes/affine-map.js';
import { mlpLogits } from '../../probes/mlp/prediction-graph.js';
import type { MlpShape } from '../../probes/mlp/parameters.js';
import type { ProbeState } from '../../probes/probe.js';

/** Metadata of a classifier's model. */
export interface ClassifierDescription {
  readonly probe: 'linear' | 'mlp';
  readonly labels: readonly string[];
  /** Embedding size. */
  readonly size: number;
}

/**
 * A trained probe as a graph that contains its arrays: from `embedding` `[n, size]` to `probabilities` `[n, labels]`.
 *
 * @returns the serialised ONNX model
 */
export async function classifierModel(
  trained: ProbeState,
  { probe, labels, size }: ClassifierDescription,
): Promise<Uint8Array<ArrayBuffer>> {
  const graph = new GraphBuilder('classifier');
  const embedding = graph.input('embedding', ['n', size]);
  const logits = probe === 'linear' ? linearLogits(graph, trained, embedding) : mlp(graph, trained, embedding);
  const probabilities = graph.node('Softmax', [logits], { attributes: { axis: -1n } });
  graph.output('probabilities', probabilities, ['n', labels.length]);
  const metadata = { labels: JSON.stringify(labels), size: String(size), probe };
  // The graph refers to no other files.
  const read = () => Promise.resolve(new Uint8Array());
  const { model } = await selfContainedModel(graph.build(), read, '', metadata);
  return model as Uint8Array<ArrayBuffer>;
}

/** `weight @ ((x - mean) * factor) + bias`, as stored by the linear probe. */
function linearLogits(graph: GraphBuilder, { arrays }: ProbeState, embedding: Value): Value {
  const { mean, factor, weight, bias } = arrays as unknown as AffineMap;
  const scaled = multiply(graph, subtract(graph, embedding, graph.constant(mean)), graph.constant(factor));
  const weights = graph.constant(weight, [bias.length, mean.length]);
  const product = graph.node('Gemm', [scaled, weights], { attributes: { transB: 1n } });
  return add(graph, product, graph.constant(bias));
}

function mlp(graph: GraphBuilder, { values, arrays }: ProbeState, embedding: Value): Value {
  return mlpLogits(graph, values.shape as MlpShape, embedding, ({ name, shape }) =>
    graph.constant(arrays[name], shape),
  );
}
