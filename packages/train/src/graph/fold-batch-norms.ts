import { create } from '@bufbuild/protobuf';
import { type GraphProto, type NodeProto, NodeProtoSchema } from '@hearken/onnx/internal';
import type { DifferentiateOptions } from '../differentiate-options.js';
import { floatOf, integerOf, readAttributes, writeAttribute } from './attributes.js';

/**
 * Multiplies trained convolutions' weights by the factors of batch norms on running statistics behind them, in the
 * graph: `norm(conv(x, W))` is `conv(x, f W) + (bias - f mean)`, f = weight / sqrt(variance + epsilon). The forward and
 * the backward pass then have one pass less over every map of features, and the gradients of f and W follow from that
 * of `f W`, which is small.
 */
export function foldBatchNorms(graph: GraphProto, options: DifferentiateOptions): void {
  if (options.batchStatistics !== undefined) return;
  const trained = new Set(options.parameters);
  const outputs = new Set([...graph.output.map(({ name }) => name), ...(options.detached ?? [])]);
  const uses = new Map<string, number>();
  for (const { input } of graph.node) for (const name of input) uses.set(name, (uses.get(name) ?? 0) + 1);
  const convolutions = new Map(
    graph.node
      .filter(({ opType, input }) => opType === 'Conv' && trained.has(input[1]))
      .filter(({ output: [name] }) => uses.get(name) === 1 && !outputs.has(name))
      .map((node) => [node.output[0], node] as const),
  );
  const axes = new Map(graph.initializer.map(({ name, dims }) => [name, dims.length]));
  const folded = new Set<NodeProto>();
  const nodes = graph.node.flatMap((node) => {
    const convolution = isInference(node) ? convolutions.get(node.input[0]) : undefined;
    const rank = axes.get(convolution?.input[1] ?? '');
    if (convolution === undefined || rank === undefined) return [node];
    folded.add(convolution);
    return foldedNodes(convolution, node, rank);
  });
  graph.node = nodes.filter((node) => !folded.has(node));
}

function isInference({ opType, attribute, output }: NodeProto): boolean {
  if (opType !== 'BatchNormalization' || output.length !== 1) return false;
  return integerOf({ attributes: readAttributes(attribute) }, 'training_mode', 0) === 0;
}

function foldedNodes(convolution: NodeProto, norm: NodeProto, rank: number): NodeProto[] {
  const [input, kernel, oldBias = ''] = convolution.input;
  const [, weight, bias, mean, variance] = norm.input;
  const [output] = norm.output;
  const nodes: NodeProto[] = [];
  const add = (opType: string, inputs: readonly string[], part: string, attribute: NodeProto['attribute'] = []) => {
    const name = `${output}/${part}`;
    nodes.push(create(NodeProtoSchema, { name, opType, input: [...inputs], output: [name], attribute }));
    return name;
  };
  const epsilon = floatOf({ attributes: readAttributes(norm.attribute) }, 'epsilon', 1e-5);
  const least = add('Constant', [], 'epsilon', [writeAttribute('value_float', epsilon)]);
  const deviation = add('Sqrt', [add('Add', [variance, least], 'variance')], 'deviation');
  const factor = add('Div', [weight, deviation], 'factor');
  const shape = [-1n, ...new Array<bigint>(rank - 1).fill(1n)];
  const sizes = add('Constant', [], 'shape', [writeAttribute('value_ints', shape)]);
  const scaled = add('Mul', [kernel, add('Reshape', [factor, sizes], 'factors')], 'kernel');
  const centre = oldBias === '' ? mean : add('Sub', [mean, oldBias], 'centre');
  const shift = add('Sub', [bias, add('Mul', [centre, factor], 'shift')], 'bias');
  nodes.push(
    create(NodeProtoSchema, {
      name: output,
      opType: 'Conv',
      input: [input, scaled, shift],
      output: [output],
      attribute: convolution.attribute,
    }),
  );
  return nodes;
}
