import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { ModelProtoSchema } from '../../src/graph/generated/onnx_pb.js';
import { GraphBuilder, linear, linearLayers, type LinearWeights } from '../../src/node.js';
import { createNodeSession } from '../../src/session/node-session.js';
import { exactByteType } from '../../src/quantization/exact-byte-type.js';
import { emptyMatrix, quantizeOutputs } from '../../src/quantization/quantize-matrix.js';
import { noise, runGraph } from '../run-graph.js';

const [inputs, outputs] = [64, 24];
const values = noise(inputs * outputs, 2);
const bias = noise(outputs, 3);

/** Unsigned bytes are exact on every machine, signed ones on most. */
const isUnsigned = (await exactByteType(createNodeSession)) === 'uint8';

function quantized(graph: GraphBuilder, matrix = values, unsigned = isUnsigned): LinearWeights {
  const { weight, scales } = emptyMatrix(outputs, inputs);
  quantizeOutputs({ weight, scales }, 0, matrix, inputs);
  return {
    weight: graph.bytes(unsigned ? Uint8Array.from(weight, (value) => value + 128) : weight, [inputs, outputs]),
    scales: graph.constant(scales),
    isUnsigned: unsigned,
    bias: graph.constant(bias),
  };
}

const stored = (graph: GraphBuilder, matrix = values): LinearWeights => ({
  weight: graph.constant(matrix, [outputs, inputs]),
  bias: graph.constant(bias),
});

const run = async (data: Float32Array, layer: (graph: GraphBuilder) => LinearWeights, zeroPoint?: number) =>
  (
    await runGraph({ data, shape: [data.length / inputs, inputs] }, (graph, input) => {
      const [output] = linearLayers(graph, input, [layer(graph)], zeroPoint);
      return output;
    })
  ).data;

/** Root mean square of the difference over that of what was expected, less the bias. */
function relativeError(found: number[], expected: number[]): number {
  const power = (list: number[]) => list.reduce((sum, value) => sum + value ** 2, 0);
  const difference = power(found.map((value, index) => value - expected[index]));
  return Math.sqrt(difference / power(expected.map((value, index) => value - bias[index % outputs])));
}

describe('linear layers', () => {
  it('are the plain ones where nothing is quantised', async () => {
    const data = noise(5 * inputs);
    const expected = await runGraph({ data, shape: [5, inputs] }, (graph, input) => {
      const { weight, bias: shift } = stored(graph);
      return linear(graph, input, weight, shift);
    });
    expect(await run(data, stored)).toEqual(expected.data);
  });

  it('quantised, are within what 8 bits of weights and inputs lose', async () => {
    const data = noise(50 * inputs);
    const error = relativeError(await run(data, quantized), await run(data, stored));
    // Two independent errors of 1/254 each; see the test of the matrices.
    expect(error).toBeLessThan(1.1 * Math.SQRT2 * (1 / 254));
    expect(error).toBeGreaterThan(1e-3);
  });

  it.skipIf(isUnsigned)('give the same of signed and unsigned bytes', async () => {
    const data = noise(50 * inputs);
    const unsigned = (graph: GraphBuilder) => quantized(graph, values, true);
    expect(await run(data, unsigned)).toEqual(await run(data, quantized));
  });

  it('quantise every row by itself: the same to the bit in any company', async () => {
    const row = noise(inputs, 4);
    const [alone, loud, quiet] = [1, 1000, 1e-6].map((factor) => row.map((value) => factor * value));
    const company = new Float32Array([...loud, ...alone, ...quiet, ...new Float32Array(inputs)]);
    const found = await run(company, quantized);
    expect(found.slice(outputs, 2 * outputs)).toEqual(await run(alone, quantized));
    expect(found.slice(2 * outputs, 3 * outputs)).toEqual(await run(quiet, quantized));
    // A row of zeros leaves the bias.
    expect(found.slice(3 * outputs)).toEqual([...bias]);
  });

  it('quantise what is mostly positive in finer steps, where told so', async () => {
    const gelu = noise(200 * inputs).map((value) => (value > 0 ? 4 * value : 0.17 * value));
    // A matrix of whole numbers up to 127 loses nothing, so that the error is the inputs'.
    const whole = values.map((value, index) => (index % inputs === 0 ? 127 : Math.round(127 * value)));
    const exact = (graph: GraphBuilder) => stored(graph, whole);
    const inSteps = (graph: GraphBuilder) => quantized(graph, whole);
    const error = async (zeroPoint: number) =>
      relativeError(await run(gelu, inSteps, zeroPoint), await run(gelu, exact));
    const [coarse, fine] = [await error(128), await error(64)];
    expect(fine / coarse).toBeCloseTo(127 / 191, 1);
    const relu = gelu.map((value) => Math.max(0, value));
    expect(relativeError(await run(relu, quantized, 0), await run(relu, stored))).toBeLessThan(0.007);
  });

  it('of one input quantise it once', () => {
    const graph = new GraphBuilder('test');
    const input = graph.input('signal', ['n', inputs]);
    const found = linearLayers(graph, input, [quantized(graph), stored(graph), quantized(graph)]);
    found.forEach((value, index) => {
      graph.output(`result${index}`, value, ['n', outputs]);
    });
    const types = fromBinary(ModelProtoSchema, graph.build()).graph?.node.map(({ opType }) => opType) ?? [];
    const count = (type: string) => types.filter((found) => found === type).length;
    expect([count('QuantizeLinear'), count('MatMulIntegerToFloat'), count('Gemm')]).toEqual([1, 2, 1]);
  });
});
