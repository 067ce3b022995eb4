import type { Tensors } from './made-up-checkpoint.js';

/** Rows of values: `[tokens][width]`. */
type Rows = number[][];

export interface ReferenceShape {
  readonly strides: readonly number[];
  readonly heads: number;
  readonly groups: number;
  readonly layers: number;
  readonly layerNorms: boolean;
  readonly preNorm: boolean;
}

/** HuBERT written out in plain loops, for networks of a few channels: the mean over the tokens of one signal. */
export function referenceScene(tensors: Tensors, signal: Float32Array, shape: ReferenceShape): number[] {
  const get = (name: string) => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new Error(`no ${name}`);
    return tensor;
  };
  const norm = (rows: Rows, name: string): Rows => {
    const [scale, bias] = [get(`${name}.weight`).data, get(`${name}.bias`).data];
    return rows.map((row) => standardised(row).map((value, index) => value * scale[index] + bias[index]));
  };
  const linear = (rows: Rows, name: string): Rows => {
    const {
      data,
      shape: [outputs, inputs],
    } = get(`${name}.weight`);
    const bias = get(`${name}.bias`).data;
    return rows.map((row) =>
      Array.from({ length: outputs }, (_, output) =>
        row.reduce((sum, value, input) => sum + value * data[output * inputs + input], bias[output]),
      ),
    );
  };

  let rows: Rows = [...signal].map((value) => [value]);
  for (const [index, stride] of shape.strides.entries()) {
    const prefix = `feature_extractor.conv_layers.${index}`;
    const {
      data,
      shape: [outputs, inputs, kernel],
    } = get(`${prefix}.conv.weight`);
    const tokens = Math.floor((rows.length - kernel) / stride) + 1;
    rows = Array.from({ length: tokens }, (_, token) =>
      Array.from({ length: outputs }, (__, output) => {
        let sum = tensors.get(`${prefix}.conv.bias`)?.data[output] ?? 0;
        for (let input = 0; input < inputs; input += 1) {
          for (let tap = 0; tap < kernel; tap += 1) {
            sum += rows[token * stride + tap][input] * data[(output * inputs + input) * kernel + tap];
          }
        }
        return sum;
      }),
    );
    if (shape.layerNorms) rows = norm(rows, `${prefix}.layer_norm`);
    else if (index === 0) {
      const [scale, bias] = [get(`${prefix}.layer_norm.weight`).data, get(`${prefix}.layer_norm.bias`).data];
      const columns = transposed(rows).map((column, channel) =>
        standardised(column).map((value) => value * scale[channel] + bias[channel]),
      );
      rows = transposed(columns);
    }
    rows = rows.map((row) => row.map(gelu));
  }
  rows = linear(norm(rows, 'feature_projection.layer_norm'), 'feature_projection.projection');

  const position = 'encoder.pos_conv_embed.conv';
  const {
    data: weight,
    shape: [width, perGroup, kernel],
  } = get(`${position}.weight`);
  const bias = get(`${position}.bias`).data;
  const positions = rows.map((_, token) =>
    Array.from({ length: width }, (__, output) => {
      let sum = bias[output];
      const first = Math.floor(output / (width / shape.groups)) * perGroup;
      for (let input = 0; input < perGroup; input += 1) {
        for (let tap = 0; tap < kernel; tap += 1) {
          const row = rows[token + tap - Math.floor(kernel / 2)] as number[] | undefined;
          sum += (row?.[first + input] ?? 0) * weight[(output * perGroup + input) * kernel + tap];
        }
      }
      return gelu(sum);
    }),
  );
  rows = added(rows, positions);
  if (!shape.preNorm) rows = norm(rows, 'encoder.layer_norm');
  for (let layer = 0; layer < shape.layers; layer += 1) {
    const prefix = `encoder.layers.${layer}`;
    const attend = (input: Rows) => {
      const [queries, keys, values] = ['q_proj', 'k_proj', 'v_proj'].map((name) => {
        return linear(input, `${prefix}.attention.${name}`);
      });
      return linear(attention(queries, keys, values, shape.heads), `${prefix}.attention.out_proj`);
    };
    const feed = (input: Rows) => {
      const inner = linear(input, `${prefix}.feed_forward.intermediate_dense`).map((row) => row.map(gelu));
      return linear(inner, `${prefix}.feed_forward.output_dense`);
    };
    if (shape.preNorm) {
      rows = added(rows, attend(norm(rows, `${prefix}.layer_norm`)));
      rows = added(rows, feed(norm(rows, `${prefix}.final_layer_norm`)));
    } else {
      rows = norm(added(rows, attend(rows)), `${prefix}.layer_norm`);
      rows = norm(added(rows, feed(rows)), `${prefix}.final_layer_norm`);
    }
  }
  if (shape.preNorm) rows = norm(rows, 'encoder.layer_norm');
  return transposed(rows).map((column) => column.reduce((sum, value) => sum + value, 0) / rows.length);
}

function attention(queries: Rows, keys: Rows, values: Rows, heads: number): Rows {
  const size = queries[0].length / heads;
  return queries.map((query) =>
    Array.from({ length: heads }, (_, head) => {
      const part = (row: number[]) => row.slice(head * size, (head + 1) * size);
      const scores = keys.map((key) => dot(part(query), part(key)) / Math.sqrt(size));
      const largest = Math.max(...scores);
      const weights = scores.map((score) => Math.exp(score - largest));
      const total = weights.reduce((sum, value) => sum + value, 0);
      return transposed(values.map(part)).map((column) => dot(column, weights) / total);
    }).flat(),
  );
}

function standardised(values: number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return values.map((value) => (value - mean) / Math.sqrt(variance + 1e-5));
}

/** x Phi(x), with the error function of Abramowitz and Stegun, 7.1.26 (to 1.5e-7). */
function gelu(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = Math.sign(x) * (1 - series * Math.exp(-z * z));
  return 0.5 * x * (1 + erf);
}

const dot = (left: number[], right: number[]) => left.reduce((sum, value, index) => sum + value * right[index], 0);
const added = (left: Rows, right: Rows): Rows =>
  left.map((row, index) => row.map((value, at) => value + right[index][at]));
const transposed = (rows: Rows): Rows => rows[0].map((_, column) => rows.map((row) => row[column]));
