import { OptionError } from '@hearken/core';
import {
  concat,
  embedTokens,
  GraphBuilder,
  layerNorm,
  linear,
  type MatrixSource,
  mean,
  patchEmbedding,
  preNormEncoder,
  reshape,
  requireTensor,
  slice,
  type Value,
  weight,
} from '@hearken/onnx';
import { logMel } from './front-end.js';
import { type AstCheckpoint, encoderLayer } from './layout.js';
import type { Feature } from './options.js';
import { padSignal } from './padding.js';
import type { Preparation } from './preparation.js';
import { describeSizes, type Sizes } from './sizes.js';

export interface GraphOptions {
  readonly ast: AstCheckpoint;
  readonly sizes: Sizes;
  readonly preparation: Preparation;
  readonly features: readonly Feature[];
  /** Positions `[2 + patches, width]` if those of the checkpoint are for another length. */
  readonly positions?: Float32Array;
  /** How the matrices of the transformer's layers are added to the graph; default: as stored. */
  readonly matrices?: MatrixSource;
}

/**
 * The model as one graph. Input `signal` `[n, samples]` at 16 kHz, at least one frame long; outputs `embedding` `[n,
 * size]`, the concatenated features, and `timeline` `[n, times * width]`, the patch tokens averaged over frequency.
 */
export function buildGraph(options: GraphOptions): { graph: Uint8Array<ArrayBuffer>; size: number } {
  const { ast, sizes, preparation, features } = options;
  const graph = new GraphBuilder(preparation.model);
  const { width, frequencies, bands } = sizes;
  const { times } = preparation;
  const signal = padSignal(graph, graph.input('signal', ['n', 'samples']), preparation);
  const image = reshape(graph, logMel(graph, signal, preparation, bands), [-1, 1, bands, preparation.frames]);
  const encoded = reshape(graph, encode(graph, image, options), [-1, 2 + frequencies * times, width]);

  const pooled = mean(graph, slice(graph, encoded, 1, 0, 2), [1]);
  const parts = features.map((feature) =>
    feature === 'embedding' ? { value: pooled, size: width } : logits(graph, pooled, ast, sizes),
  );
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const embedding = concat(
    graph,
    parts.map((part) => part.value),
    1,
  );
  graph.output('embedding', embedding, ['n', size]);

  const patches = reshape(graph, slice(graph, encoded, 1, 2, Infinity), [-1, frequencies, times, width]);
  graph.output('timeline', reshape(graph, mean(graph, patches, [1]), [-1, times * width]), ['n', times * width]);
  return { graph: graph.build(), size };
}

/** The front end alone, as a graph: `signal` `[n, samples]` in, `padded` and `fbank` `[n, bands, frames]` out. */
export function buildFrontEnd(preparation: Preparation, bands: number): Uint8Array<ArrayBuffer> {
  const graph = new GraphBuilder('patchmix-front-end');
  const padded = padSignal(graph, graph.input('signal', ['n', 'samples']), preparation);
  graph.output('padded', padded, ['n', 'padded']);
  graph.output('fbank', logMel(graph, padded, preparation, bands), ['n', bands, preparation.frames]);
  return graph.build();
}

/** What the transformer is made from, without its front end. */
export interface EncoderOptions extends Pick<GraphOptions, 'ast' | 'sizes' | 'matrices'> {
  /** Positions `[2 + patches, width]`, or the value that they already have in the graph. */
  readonly positions?: Float32Array | Value;
  readonly preparation: Pick<Preparation, 'times'>;
  /** Keeps queries, keys and values in one matrix, if they are stored so. */
  readonly isStacked?: boolean;
  /** Changes the embedded patches `[n, patches, width]`, before tokens and positions: mixing. */
  readonly mix?: (patches: Value) => Value;
}

/**
 * The transformer.
 *
 * @param image `[n, 1, bands, frames]`
 * @returns `[n * tokens, width]`
 */
export function encode(
  graph: GraphBuilder,
  image: Value,
  { ast, sizes, preparation, positions, matrices, isStacked, mix = (patches) => patches }: EncoderOptions,
): Value {
  const { width, patch, stride, frequencies } = sizes;
  const patchTokens = frequencies * preparation.times;
  const tokens = 2 + patchTokens;
  const need = describeSizes(sizes);
  const named = (name: string, shape: readonly number[]) => weight(graph, ast.encoder, name, shape, need);
  const { names } = ast;
  const patches = patchEmbedding(
    graph,
    image,
    named(`${names.patches}.weight`, [width, 1, ...patch]),
    named(`${names.patches}.bias`, [width]),
    { patch, stride, width },
  );
  const placed =
    positions === undefined
      ? named(names.positions, [1, tokens, width])
      : positions instanceof Float32Array
        ? graph.constant(positions, [1, tokens, width], names.positions)
        : positions;
  const embedded = embedTokens(
    graph,
    mix(patches),
    [named(names.classToken, [1, 1, width]), named(names.distillationToken, [1, 1, width])],
    placed,
    patchTokens,
  );
  const layers = Array.from({ length: sizes.layers }, (_, index) =>
    encoderLayer(graph, ast, index, { ...sizes, need, matrices, isStacked }),
  );
  const finalNorm = {
    scale: named(`${names.finalNorm}.weight`, [width]),
    bias: named(`${names.finalNorm}.bias`, [width]),
  };
  return preNormEncoder(graph, reshape(graph, embedded, [-1, width]), layers, finalNorm, { ...sizes, tokens });
}

function logits(graph: GraphBuilder, pooled: Value, { head, file }: AstCheckpoint, sizes: Sizes) {
  if (head === undefined) {
    throw new OptionError({
      asked: `feature 'logits' of ${file.name}`,
      found: 'a checkpoint without a classifier',
      fix: "omit it, or pass a checkpoint with one ('mlp_head' or 'classifier')",
    });
  }
  const need = `the classifier of ${describeSizes(sizes)}`;
  const { checkpoint } = head;
  const named = (name: string, shape: readonly number[]) => weight(graph, checkpoint, name, shape, need);
  const [classes] = requireTensor(checkpoint, `${head.linear}.weight`, { shape: [null, sizes.width], need }).shape;
  const norm = {
    scale: named(`${head.norm}.weight`, [sizes.width]),
    bias: named(`${head.norm}.bias`, [sizes.width]),
  };
  const value = linear(
    graph,
    layerNorm(graph, pooled, norm, sizes.headNormEpsilon),
    named(`${head.linear}.weight`, [classes, sizes.width]),
    named(`${head.linear}.bias`, [classes]),
  );
  return { value, size: classes };
}
