import { CheckpointError } from '@hearken/core';
import {
  type Activation,
  activations,
  type Checkpoint,
  countLayers,
  type ModelConfig,
  requireTensor,
  selectWeights,
  type SelectedWeights,
  wrongCheckpoint,
} from '@hearken/onnx';
import type { ImageSize } from './front-end.js';

/** What the vision transformer is built from; the published one is a ViT-L. */
export interface Sizes {
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  /** Width of the hidden layer of the feed-forward blocks. */
  readonly intermediate: number;
  readonly patch: readonly [number, number];
  readonly image: ImageSize;
  readonly activation: Activation;
  readonly normEpsilon: number;
  readonly queryKeyValueBias: boolean;
  readonly pooler: 'linear' | 'tanh';
  readonly sceneEmbeddingSize: number;
}

/** What leaves no trace in the weights, as the published model has it. */
const published = {
  image: [192, 128],
  headWidth: 64,
  activation: 'gelu_fast',
  normEpsilon: 1e-6,
  pooler: 'linear',
} as const;

const classToken = 'embeddings.cls_token';
const patchWeight = 'embeddings.patch_embeddings.projection.weight';

/**
 * The part of a checkpoint that is HeAR's encoder, whatever its tensors' common prefix.
 *
 * @param weights which of several sets of weights, see `selectWeights`
 * @throws CheckpointError that says what the checkpoint looks like instead
 */
export function selectEncoder(checkpoint: Checkpoint, weights?: unknown): SelectedWeights {
  const needed = 'a HeAR checkpoint (Hugging Face ViT names, google/hear-pytorch)';
  const encoder = selectWeights(checkpoint, { landmarks: [classToken], weights });
  const patches = encoder?.tensors.get(patchWeight);
  const foreign = encoder?.tensors.has('embeddings.distillation_token') === true;
  if (encoder === undefined || foreign || (patches !== undefined && patches.shape[1] !== 1)) {
    throw wrongCheckpoint(checkpoint, 'hear', needed, encoder === undefined ? classToken : patchWeight);
  }
  return encoder;
}

/**
 * The model's sizes: from its config where there is one, else from the shapes of its weights and, for what those do not
 * tell, from the published model. Weights are checked against them when the graph is built.
 *
 * @throws CheckpointError for a config that describes another kind of model
 */
export function chooseSizes(encoder: Checkpoint, config: ModelConfig | undefined): Sizes {
  const [, , width] = requireTensor(encoder, classToken, { shape: [1, 1, null] }).shape;
  const [, , patchFrames, patchBands] = requireTensor(encoder, patchWeight, { shape: [null, 1, null, null] }).shape;
  const pooled = requireTensor(encoder, 'pooler.dense.weight', { shape: [null, null] }).shape[0];
  const [intermediate] = requireTensor(encoder, 'encoder.layer.0.intermediate.dense.weight', {
    shape: [null, null],
  }).shape;
  const hidden = config?.integer('hidden_size') ?? width;
  const [imageFrames, imageBands = imageFrames] = config?.integers('image_size', { maximum: 4096 }) ?? published.image;
  const [patchHeight = patchFrames, patchWidth = patchHeight] = config?.integers('patch_size', {
    maximum: 4096,
  }) ?? [patchFrames, patchBands];
  const sizes: Sizes = {
    layers: config?.integer('num_hidden_layers', { maximum: 1000 }) ?? countLayers(encoder, 'encoder.layer'),
    width: hidden,
    heads: config?.integer('num_attention_heads') ?? Math.max(1, Math.round(hidden / published.headWidth)),
    intermediate: config?.integer('intermediate_size') ?? intermediate,
    patch: [patchHeight, patchWidth],
    image: { frames: imageFrames, bands: imageBands },
    activation: config?.text('hidden_act', activations) ?? published.activation,
    normEpsilon: config?.number('layer_norm_eps', { minimum: 0, maximum: 1 }) ?? published.normEpsilon,
    queryKeyValueBias: config?.flag('qkv_bias') ?? true,
    pooler: config?.text('pooler_act', ['linear', 'tanh']) ?? published.pooler,
    sceneEmbeddingSize: config?.integer('pooler_output_size') ?? pooled,
  };
  checkDivisions(encoder.name, config, sizes);
  return sizes;
}

function checkDivisions(name: string, config: ModelConfig | undefined, { width, heads, patch, image }: Sizes): void {
  const refused = (found: string) =>
    new CheckpointError({
      asked: config?.name ?? name,
      found,
      fix: 'pass the config.json that the model was published with',
    });
  if (width % heads !== 0) throw refused(`${heads} attention heads, which do not divide the width ${width}`);
  if (image.frames % patch[0] !== 0 || image.bands % patch[1] !== 0) {
    throw refused(`patches of ${patch.join('x')}, which do not divide an image of ${image.frames}x${image.bands}`);
  }
}
