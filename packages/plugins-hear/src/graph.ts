import {
  type Checkpoint,
  embedTokens,
  GraphBuilder,
  linear,
  type MatrixSource,
  mean,
  patchEmbedding,
  preNormEncoder,
  reshape,
  slice,
  type Value,
  vitEncoderLayer,
  weight,
} from '@hearken/onnx';
import { melPcen, windowSamples } from './front-end.js';
import type { Sizes } from './sizes.js';

/**
 * HeAR as one graph. Input `signal` `[n, 32000]`; outputs `embedding` `[n, scene embedding size]`, pooled from the class
 * token, and `timeline` `[n, times * width]`, the patch tokens averaged over frequency.
 *
 * @param matrices how the matrices of the transformer's layers are added to the graph; default: as stored
 * @param head a checkpoint with `head.weight` `[labels, scene embedding size]` and `head.bias`: `embedding` is then its
 *   logits, `[n, labels]`, and there is no `timeline`
 */
export function buildGraph(
  encoder: Checkpoint,
  sizes: Sizes,
  matrices?: MatrixSource,
  head?: { readonly checkpoint: Checkpoint; readonly size: number },
): Uint8Array<ArrayBuffer> {
  const graph = new GraphBuilder('hear');
  const image = melPcen(graph, graph.input('signal', ['n', windowSamples]), sizes.image);
  const { width } = sizes;
  const { tokens, times } = tokenCounts(sizes);
  const encoded = reshape(graph, encode(graph, image, encoder, sizes, matrices), [-1, tokens, width]);

  const classToken = reshape(graph, slice(graph, encoded, 1, 0, 1), [-1, width]);
  const pooled = pool(graph, classToken, encoder, sizes);
  if (head !== undefined) {
    const named = (name: string, shape: readonly number[]) =>
      weight(graph, head.checkpoint, name, shape, 'the head of this model');
    const logits = linear(
      graph,
      pooled,
      named('head.weight', [head.size, sizes.sceneEmbeddingSize]),
      named('head.bias', [head.size]),
    );
    graph.output('embedding', logits, ['n', head.size]);
    return graph.build();
  }
  graph.output('embedding', pooled, ['n', sizes.sceneEmbeddingSize]);

  const patches = reshape(graph, slice(graph, encoded, 1, 1, Infinity), [-1, times, (tokens - 1) / times, width]);
  graph.output('timeline', reshape(graph, mean(graph, patches, [2]), [-1, times * width]), ['n', times * width]);
  return graph.build();
}

/** The front end alone, as a graph: `signal` `[n, 32000]` in, `image` `[n, frames, bands]` out. */
export function buildFrontEnd({ image }: Pick<Sizes, 'image'>): Uint8Array<ArrayBuffer> {
  const graph = new GraphBuilder('hear-front-end');
  const output = melPcen(graph, graph.input('signal', ['n', windowSamples]), image);
  graph.output('image', output, ['n', image.frames, image.bands]);
  return graph.build();
}

/** Number of tokens per window, including the class token, and of patches along time. */
export function tokenCounts({ image, patch }: Sizes): { tokens: number; times: number } {
  const times = image.frames / patch[0];
  return { tokens: 1 + times * (image.bands / patch[1]), times };
}

/**
 * The transformer.
 *
 * @param image `[n, frames, bands]`
 * @returns `[n * tokens, width]`
 */
export function encode(
  graph: GraphBuilder,
  image: Value,
  encoder: Checkpoint,
  sizes: Sizes,
  matrices?: MatrixSource,
): Value {
  const { width, patch } = sizes;
  const { tokens } = tokenCounts(sizes);
  const need = describeSizes(sizes);
  const named = (name: string, shape: readonly number[]) => weight(graph, encoder, name, shape, need);
  const patches = patchEmbedding(
    graph,
    reshape(graph, image, [-1, 1, sizes.image.frames, sizes.image.bands]),
    named('embeddings.patch_embeddings.projection.weight', [width, 1, ...patch]),
    named('embeddings.patch_embeddings.projection.bias', [width]),
    { patch, width },
  );
  const embedded = embedTokens(
    graph,
    patches,
    [named('embeddings.cls_token', [1, 1, width])],
    named('embeddings.position_embeddings', [1, tokens, width]),
    tokens - 1,
  );
  const layers = Array.from({ length: sizes.layers }, (_, index) =>
    vitEncoderLayer(graph, encoder, `encoder.layer.${index}`, { ...sizes, need, matrices }),
  );
  const finalNorm = { scale: named('layernorm.weight', [width]), bias: named('layernorm.bias', [width]) };
  return preNormEncoder(graph, reshape(graph, embedded, [-1, width]), layers, finalNorm, { ...sizes, tokens });
}

/** The scene embedding: `[n, width]`, the class token, to `[n, scene embedding size]`. */
export function pool(graph: GraphBuilder, classToken: Value, encoder: Checkpoint, sizes: Sizes): Value {
  const { width, sceneEmbeddingSize } = sizes;
  const need = describeSizes(sizes);
  const pooled = linear(
    graph,
    classToken,
    weight(graph, encoder, 'pooler.dense.weight', [sceneEmbeddingSize, width], need),
    weight(graph, encoder, 'pooler.dense.bias', [sceneEmbeddingSize], need),
  );
  return sizes.pooler === 'linear' ? pooled : graph.node('Tanh', [pooled]);
}

function describeSizes({ layers, width }: Sizes): string {
  return `this model (${layers} layers, ${width} wide)`;
}
