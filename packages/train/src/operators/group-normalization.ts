import { floatOf, integerOf } from '../graph/attributes.js';
import type { Emitter, GraphValue, Operator, OperatorNode, TrainingForm } from '../graph/contracts.js';
import { sizeOf } from '../graph/tensor-elements.js';
import { add, expandTo, mean, multiply, reshape, subtract, sum } from './emit.js';
import { checkFits, required, sameAsInput } from './shapes.js';

/**
 * Norms over the positions of a channel or of a group of channels (Wu and He 2018, arXiv 1803.08494), with a weight and
 * a bias for each channel.
 */
export const groupNormOperators: readonly Operator[] = [
  {
    type: 'InstanceNormalization',
    infer: sameAsInput,
    train: (graph, node) => byGroups(graph, node, required(node, 0).shape[1]),
  },
  {
    type: 'GroupNormalization',
    infer: sameAsInput,
    train: (graph, node) => byGroups(graph, node, integerOf(node, 'num_groups', 1)),
  },
];

function byGroups(graph: Emitter, node: OperatorNode, groups: number): TrainingForm {
  const [input, weight, bias] = [0, 1, 2].map((index) => required(node, index));
  const [batch, channels] = input.shape;
  checkFits(node, channels % groups === 0 && sizeOf(weight.shape) === channels);
  const epsilon = floatOf(node, 'epsilon', 1e-5);
  // A row for each group, then a weight and a bias for each channel.
  const rows = [batch * groups, sizeOf(input.shape) / (batch * groups)];
  const byChannel = [batch, channels, sizeOf(input.shape) / (batch * channels)];
  const ones = expandTo(graph, graph.constant(1), [rows[1]]);
  const [flat, , inverse] = graph.addAll('LayerNormalization', [reshape(graph, input, rows), ones], 3, {
    attributes: { axis: -1n, epsilon },
  });
  const normalised = reshape(graph, flat, byChannel);
  const perChannel = (value: GraphValue) => reshape(graph, value, [channels, 1]);
  const weighted = multiply(graph, normalised, perChannel(weight));
  const output = reshape(graph, add(graph, weighted, perChannel(bias)), input.shape);
  return {
    outputs: [output],
    backward([gradient], [wantsInput, wantsWeight, wantsBias]) {
      if (gradient === undefined) return [];
      const given = reshape(graph, gradient, byChannel);
      const both = multiply(graph, given, normalised);
      const ofBias = wantsBias ? sum(graph, given, [0, 2]) : undefined;
      const ofWeight = wantsWeight ? sum(graph, both, [0, 2]) : undefined;
      if (!wantsInput) return [undefined, ofWeight, ofBias];
      const inner = reshape(graph, multiply(graph, given, perChannel(weight)), rows);
      const tilt = mean(graph, multiply(graph, inner, flat), [1], true);
      const centred = subtract(graph, inner, mean(graph, inner, [1], true));
      const ofRows = multiply(graph, subtract(graph, centred, multiply(graph, flat, tilt)), inverse);
      return [reshape(graph, ofRows, input.shape), ofWeight, ofBias];
    },
  };
}
