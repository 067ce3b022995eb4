import { add, GraphBuilder, matmul, multiply, relu, subtract, transpose, type Value } from '@hearken/onnx';
import { probeOutput } from '../outputs/registry.js';
import { type MlpShape, type ParameterSpec, parameterSpecs } from './parameters.js';

const batchNormEpsilon = 1e-5;

/**
 * The MLP probe in evaluation mode as a graph. Inputs: `embeddings` `[b, inputs]` and the parameters by name.
 * Outputs: `logits` and `probabilities`, both `[b, outputs]`.
 */
export function predictionGraph(shape: MlpShape): Uint8Array {
  const graph = new GraphBuilder('mlp-prediction');
  const embeddings = graph.input('embeddings', ['b', shape.inputs]);
  const logits = mlpLogits(graph, shape, embeddings, ({ name, shape: inputShape }) => graph.input(name, inputShape));
  graph.output('logits', logits, ['b', shape.outputs]);
  // For regression, the standardised targets themselves.
  graph.output('probabilities', probeOutput(shape).activation(graph, logits, -1n), ['b', shape.outputs]);
  return graph.build();
}

/**
 * The network in evaluation mode.
 *
 * @param embeddings `[b, inputs]`
 * @param array returns one of the network's arrays; called once for each
 * @returns logits `[b, outputs]`
 */
export function mlpLogits(
  graph: GraphBuilder,
  shape: MlpShape,
  embeddings: Value,
  array: (spec: ParameterSpec) => Value,
): Value {
  let hidden = embeddings;
  const specs = new Map(parameterSpecs(shape).map((spec) => [spec.name, spec]));
  const parameter = (name: string) => array(specs.get(name)!);
  const product = (name: string, layer: number) =>
    layer === 0
      ? graph.node('Gemm', [parameter(name), hidden], { attributes: { transB: 1n } })
      : matmul(graph, parameter(name), hidden);
  for (let layer = 0; layer < shape.hiddenLayers; layer += 1) {
    const prefix = `hidden${layer}`;
    let activation = product(`${prefix}.weight`, layer);
    if (shape.hiddenNorm === 'batch') {
      // Columns of statistics are small: combine them into one scale and one shift.
      const variance = add(graph, parameter(`${prefix}.runningVariance`), graph.constant(batchNormEpsilon));
      const factor = graph.node('Div', [parameter(`${prefix}.scale`), graph.node('Sqrt', [variance])]);
      const centre = multiply(graph, parameter(`${prefix}.runningMean`), factor);
      const offset = subtract(graph, parameter(`${prefix}.shift`), centre);
      activation = add(graph, multiply(graph, activation, factor), offset);
    } else {
      activation = add(graph, activation, parameter(`${prefix}.bias`));
    }
    hidden = relu(graph, activation);
  }
  const projected = add(graph, product('projection.weight', shape.hiddenLayers), parameter('projection.bias'));
  return transpose(graph, projected, [1, 0]);
}
