import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { GraphBuilder } from './graph-builder.js';
import type { EncoderLayer } from './transformer-encoder.js';
import type { NormWeights } from './transformer-layers.js';
import { linearWeights, type MatrixSource, weight } from './weights.js';

/** Sizes of a vision transformer's layer, against which its weights are checked. */
export interface VitLayerShape {
  /** Values per token. */
  readonly width: number;
  /** Width of the hidden layer of the feed-forward block. */
  readonly intermediate: number;
  /** Whether queries, keys and values have a bias; default true. */
  readonly queryKeyValueBias?: boolean;
  /** What needs the weights, for errors: `this model (12 layers, 768 wide)`. */
  readonly need?: string;
  /** How the matrices are added to the graph; default: as stored. */
  readonly matrices?: MatrixSource;
}

/** One encoder layer, with tensors named as in Hugging Face's ViT and AST; `prefix` such as `encoder.layer.0`. */
export function vitEncoderLayer(
  graph: GraphBuilder,
  checkpoint: Checkpoint,
  prefix: string,
  { width, intermediate, queryKeyValueBias = true, need, matrices }: VitLayerShape,
): EncoderLayer {
  const named = (name: string, shape: readonly number[]) => weight(graph, checkpoint, `${prefix}.${name}`, shape, need);
  const linear = (name: string, inputs: number, outputs: number, hasBias = true) =>
    linearWeights(graph, checkpoint, `${prefix}.${name}`, { inputs, outputs, hasBias, need, matrices });
  const norm = (name: string): NormWeights => ({
    scale: named(`${name}.weight`, [width]),
    bias: named(`${name}.bias`, [width]),
  });
  return {
    attentionNorm: norm('layernorm_before'),
    query: linear('attention.attention.query', width, width, queryKeyValueBias),
    key: linear('attention.attention.key', width, width, queryKeyValueBias),
    value: linear('attention.attention.value', width, width, queryKeyValueBias),
    attentionOutput: linear('attention.output.dense', width, width),
    feedForwardNorm: norm('layernorm_after'),
    intermediate: linear('intermediate.dense', width, intermediate),
    output: linear('output.dense', intermediate, width),
  };
}

/** How many of the layers `prefix.0`, `prefix.1`, ... a checkpoint has. */
export function countLayers(checkpoint: Checkpoint, prefix: string): number {
  const start = `${prefix}.`;
  let count = 0;
  for (const name of checkpoint.tensors.keys()) {
    if (!name.startsWith(start)) continue;
    const index = /^\d{1,6}(?=\.)/.exec(name.slice(start.length))?.[0];
    if (index !== undefined) count = Math.max(count, Number(index) + 1);
  }
  return count;
}
