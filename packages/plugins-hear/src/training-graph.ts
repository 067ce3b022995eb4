import { type Checkpoint, GraphBuilder, linear, type ModelFiles, reshape, slice } from '@hearken/onnx';
import { encode, pool, tokenCounts } from './graph.js';
import { chooseSizes, selectEncoder, type Sizes } from './sizes.js';

/** What a training graph of HeAR has besides its trunk. */
export interface HearTrainingOptions {
  /** Outputs of the new head. */
  readonly classes: number;
}

/**
 * Builds the graph that is fine-tuned: the vision transformer of a checkpoint, without its front end, and a new linear
 * head on the scene embedding. Inputs: `image` `[n, frames, bands]`, the output of the front end; `head.weight`
 * `[classes, scene embedding size]` and `head.bias`. Output: `logits` `[n, classes]`. Weights are in the checkpoint, as
 * `checkpoint/<name>`.
 *
 * @returns a serialised ONNX model
 * @throws CheckpointError for a checkpoint of something else
 */
export function hearTrainingGraph(files: ModelFiles, { classes }: HearTrainingOptions): Uint8Array<ArrayBuffer> {
  const encoder = selectEncoder(files.checkpoint);
  return trainingGraph(encoder, chooseSizes(encoder, files.config), classes);
}

/** The same for an encoder that was chosen before. */
export function trainingGraph(encoder: Checkpoint, sizes: Sizes, classes: number): Uint8Array<ArrayBuffer> {
  const { width, image, sceneEmbeddingSize } = sizes;
  const { tokens } = tokenCounts(sizes);
  const graph = new GraphBuilder('hear-training');
  const encoded = encode(graph, graph.input('image', ['n', image.frames, image.bands]), encoder, sizes);
  const byToken = reshape(graph, encoded, [-1, tokens, width]);
  const pooled = pool(graph, reshape(graph, slice(graph, byToken, 1, 0, 1), [-1, width]), encoder, sizes);
  const weight = graph.input('head.weight', [classes, sceneEmbeddingSize]);
  graph.output('logits', linear(graph, pooled, weight, graph.input('head.bias', [classes])), ['n', classes]);
  return graph.build();
}
