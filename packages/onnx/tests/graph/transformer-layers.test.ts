import { describe, expect, it } from 'vitest';
import {
  activate,
  activations,
  embedTokens,
  layerNorm,
  multiHeadAttention,
  patchEmbedding,
  residualLayerNorm,
} from '../../src/node.js';
import { farthest, noise, runGraph } from '../run-graph.js';

describe('activations', () => {
  // Abramowitz and Stegun 1964, 7.1.26: |error| <= 1.5e-7.
  const erf = (x: number) => {
    const t = 1 / (1 + 0.3275911 * Math.abs(x));
    const series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
    return Math.sign(x) * (1 - series * Math.exp(-x * x));
  };
  const exact = (x: number) => 0.5 * x * (1 + erf(x / Math.SQRT2));
  const tanh = (x: number) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
  const formulas: Record<(typeof activations)[number], (x: number) => number> = {
    gelu: exact,
    gelu_python: exact,
    gelu_fast: tanh,
    gelu_new: tanh,
    gelu_pytorch_tanh: tanh,
    quick_gelu: (x) => x / (1 + Math.exp(-1.702 * x)),
    relu: (x) => Math.max(0, x),
  };
  it.each(activations)('%s equals its formula', async (name) => {
    const data = Float32Array.from({ length: 81 }, (_, index) => (index - 40) / 5);
    const found = await runGraph({ data, shape: [3, 27] }, (graph, input) => activate(graph, input, name));
    expect(farthest(found.data, Array.from(data, formulas[name]))).toBeLessThan(2e-6);
  });
});

describe('layer norm', () => {
  const width = 8;
  const scale = noise(width, 2);
  const bias = noise(width, 3);
  const data = noise(3 * width).map((value) => 5 * value + 2);
  const normalise = (row: number[]) => {
    const mean = row.reduce((sum, value) => sum + value, 0) / width;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
    return row.map((value, index) => ((value - mean) / Math.sqrt(variance + 1e-6)) * scale[index] + bias[index]);
  };
  const expected = (factor: number) =>
    [0, 1, 2].flatMap((row) => normalise([...data.subarray(row * width, (row + 1) * width)].map((x) => x * factor)));

  it('equals its formula', async () => {
    const found = await runGraph({ data, shape: [3, width] }, (graph, input) =>
      layerNorm(graph, input, { scale: graph.constant(scale), bias: graph.constant(bias) }, 1e-6),
    );
    expect(farthest(found.data, expected(1))).toBeLessThan(1e-5);
  });

  it('comes after the residual sum', async () => {
    const both = async (part: 'sum' | 'normalised') => {
      const found = await runGraph({ data, shape: [3, width] }, (graph, input) => {
        const weights = { scale: graph.constant(scale), bias: graph.constant(bias) };
        return residualLayerNorm(graph, input, input, weights, 1e-6)[part];
      });
      return found.data;
    };
    expect(
      farthest(
        await both('sum'),
        data.map((value) => 2 * value),
      ),
    ).toBe(0);
    expect(farthest(await both('normalised'), expected(2))).toBeLessThan(1e-5);
  });
});

describe('multi-head attention', () => {
  const [n, tokens, width] = [2, 5, 12];

  /** softmax(Q K^T / sqrt(d)) V, head by head, with Q = x, K = -x, V = x^2. */
  function reference(data: Float32Array, heads: number): number[] {
    const size = width / heads;
    const output = new Array<number>(data.length).fill(0);
    const at = (clip: number, token: number, value: number) => data[(clip * tokens + token) * width + value];
    for (let clip = 0; clip < n; clip += 1) {
      for (let head = 0; head < heads; head += 1) {
        const values = Array.from({ length: size }, (_, index) => head * size + index);
        for (let token = 0; token < tokens; token += 1) {
          const scores = Array.from({ length: tokens }, (_, other) =>
            values.reduce((sum, value) => sum - at(clip, token, value) * at(clip, other, value), 0),
          ).map((score) => Math.exp(score / Math.sqrt(size)));
          const total = scores.reduce((sum, score) => sum + score, 0);
          for (const value of values) {
            output[(clip * tokens + token) * width + value] = scores.reduce(
              (sum, score, other) => sum + (score / total) * at(clip, other, value) ** 2,
              0,
            );
          }
        }
      }
    }
    return output;
  }

  it.each([1, 3, 4])('with %i heads equals its definition, clip by clip', async (heads) => {
    const data = noise(n * tokens * width).map((value) => 2 * value);
    const found = await runGraph({ data, shape: [n * tokens, width] }, (graph, query) => {
      const projected = { query, key: graph.node('Neg', [query]), value: graph.node('Mul', [query, query]) };
      return multiHeadAttention(graph, projected, { tokens, width, heads });
    });
    expect(found.shape).toEqual([n * tokens, width]);
    expect(farthest(found.data, reference(data, heads))).toBeLessThan(1e-5);
  });
});

describe('patch embedding', () => {
  const [height, width, patch, tokenWidth] = [4, 6, 2, 3];
  const weights = noise(tokenWidth * patch * patch, 2);
  const bias = [0.5, -1, 2];

  it.each([
    [undefined, 2, 3],
    [[1, 2] as const, 3, 3],
  ])('with stride %j maps patches row by row', async (stride, rows, columns) => {
    const data = noise(2 * height * width);
    const found = await runGraph({ data, shape: [2, 1, height, width] }, (graph, image) =>
      patchEmbedding(graph, image, graph.constant(weights, [tokenWidth, 1, patch, patch]), graph.constant(bias), {
        patch: [patch, patch],
        ...(stride === undefined ? {} : { stride }),
        width: tokenWidth,
      }),
    );
    expect(found.shape).toEqual([2, rows * columns, tokenWidth]);
    const [down, right] = stride ?? [patch, patch];
    const expected: number[] = [];
    for (let index = 0; index < 2 * rows * columns * tokenWidth; index += 1) {
      const token = index % tokenWidth;
      const place = Math.floor(index / tokenWidth) % (rows * columns);
      const image = Math.floor(index / tokenWidth / rows / columns) * height * width;
      let sum = bias[token];
      for (let y = 0; y < patch; y += 1) {
        for (let x = 0; x < patch; x += 1) {
          const pixel = (Math.floor(place / columns) * down + y) * width + (place % columns) * right + x;
          sum += weights[(token * patch + y) * patch + x] * data[image + pixel];
        }
      }
      expected.push(sum);
    }
    expect(farthest(found.data, expected)).toBeLessThan(1e-6);
  });

  it('puts learnt tokens in front and adds positions to all', async () => {
    const found = await runGraph({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2, 1] }, (graph, patches) =>
      embedTokens(
        graph,
        patches,
        [graph.constant([100], [1, 1, 1]), graph.constant([200], [1, 1, 1])],
        graph.constant([0.1, 0.2, 0.3, 0.4], [1, 4, 1]),
        2,
      ),
    );
    expect(found.shape).toEqual([2, 4, 1]);
    expect(farthest(found.data, [100.1, 200.2, 1.3, 2.4, 100.1, 200.2, 3.3, 4.4])).toBeLessThan(1e-4);
  });
});
