import { floatOf, integerOf } from '../graph/attributes.js';
import type { Operator } from '../graph/contracts.js';
import { sizeOf } from '../graph/tensor-elements.js';
import { expandTo, multiply, product, reshape, scale, subtract, sum } from './emit.js';
import { positiveAxis, required } from './shapes.js';

/**
 * Layer norm over the last axes (Ba et al. 2016, arXiv 1607.06450). With z the normalised input, w the weight and g the
 * output's gradient, the input's is (g w - mean(g w) - z mean(g w z)) / deviation. The means are matrix products with
 * the weight, because w is the same for all rows. z is computed again: one pass, instead of memory for every layer.
 */
export const layerNormalization: Operator = {
  type: 'LayerNormalization',
  infer(node) {
    const { dataType, shape } = required(node, 0);
    const axis = positiveAxis(node, integerOf(node, 'axis', -1), shape.length);
    const reduced = shape.map((size, at) => (at < axis ? size : 1));
    return [
      { dataType, shape },
      { dataType, shape: reduced },
      { dataType, shape: reduced },
    ];
  },
  train(graph, node) {
    const [input, weight, bias] = [required(node, 0), required(node, 1), node.inputs[2]];
    const axis = positiveAxis(node, integerOf(node, 'axis', -1), input.shape.length);
    const epsilon = floatOf(node, 'epsilon', 1e-5);
    const width = sizeOf(input.shape.slice(axis));
    const rows = sizeOf(input.shape) / width;
    const attributes = { axis: BigInt(axis), epsilon };
    const [output, , inverse] = graph.addAll('LayerNormalization', [input, weight, bias], 3, { attributes });
    return {
      outputs: [output],
      backward([gradient], [wantsInput, wantsWeight, wantsBias]) {
        if (gradient === undefined) return [];
        const flat = reshape(graph, gradient, [rows, width]);
        const ofBias = wantsBias && bias ? reshape(graph, sum(graph, flat, [0]), bias.shape) : undefined;
        if (!wantsInput && !wantsWeight) return [undefined, undefined, ofBias];
        const ones = expandTo(graph, graph.constant(1), [width]);
        const plain = { attributes: { axis: -1n, epsilon } };
        const normalised = graph.add('LayerNormalization', [reshape(graph, input, [rows, width]), ones], plain);
        const both = multiply(graph, flat, normalised);
        const ofWeight = wantsWeight ? reshape(graph, sum(graph, both, [0]), weight.shape) : undefined;
        if (!wantsInput) return [undefined, ofWeight, ofBias];
        const factors = scale(graph, reshape(graph, weight, [width, 1]), 1 / width);
        const [shift, tilt] = [product(graph, flat, factors), product(graph, both, factors)];
        const weighted = multiply(graph, flat, reshape(graph, weight, [width]));
        const inner = subtract(graph, subtract(graph, weighted, shift), multiply(graph, normalised, tilt));
        const ofInput = multiply(graph, inner, reshape(graph, inverse, [rows, 1]));
        return [reshape(graph, ofInput, input.shape), ofWeight, ofBias];
      },
    };
  },
};
