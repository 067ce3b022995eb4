import { CheckpointError } from '@hearken/core';
import {
  type Activation,
  activations,
  type Checkpoint,
  countLayers,
  type ModelConfig,
  NetworkSettings,
  requireTensor,
  selectWeights,
  type SelectedWeights,
  wrongCheckpoint,
} from '@hearken/onnx';
import { checkpoints, classToken, distillationToken, patchWeight } from './checkpoints.js';
import type { ImageSize } from './front-end.js';

/** Sizes of the vision transformer; the published one is a ViT-L. */
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

/**
 * The shapes of the published model, and the settings that they don't show. Source: config.json of google/hear-pytorch.
 */
const published = {
  shapes: { width: 1024, layers: 24, patch: '16x16', tokens: 97, pooled: 512 },
  image: [192, 128],
  heads: 16,
  activation: 'gelu_fast',
  normEpsilon: 1e-6,
  pooler: 'linear',
} as const;

/**
 * The part of a checkpoint that is HeAR's encoder, whatever the common prefix of its tensors.
 *
 * @param weights which of several sets of weights, see `selectWeights`
 * @throws CheckpointError saying what the checkpoint looks like instead
 */
export function selectEncoder(checkpoint: Checkpoint, weights?: unknown): SelectedWeights {
  const needed = 'a HeAR checkpoint (Hugging Face ViT names, google/hear-pytorch)';
  const encoder = selectWeights(checkpoint, { landmarks: [classToken], weights });
  const patches = encoder?.tensors.get(patchWeight);
  const foreign = encoder?.tensors.has(distillationToken) === true;
  if (encoder === undefined || foreign || (patches !== undefined && patches.shape[1] !== 1)) {
    throw wrongCheckpoint(checkpoint, checkpoints, needed, encoder === undefined ? classToken : patchWeight);
  }
  return encoder;
}

/**
 * The model's sizes: from its config if there is one, else from the shapes of its weights and, for what those don't
 * show, from the published model if the shapes are the same. Weights are checked against them when the graph is built.
 *
 * @throws CheckpointError for a config that describes another kind of model; OptionError for a size that was not published,
 * without a config
 */
export function chooseSizes(encoder: Checkpoint, config: ModelConfig | undefined): Sizes {
  const [, , width] = requireTensor(encoder, classToken, { shape: [1, 1, null] }).shape;
  const [, , patchFrames, patchBands] = requireTensor(encoder, patchWeight, { shape: [null, 1, null, null] }).shape;
  const pooled = requireTensor(encoder, 'pooler.dense.weight', { shape: [null, null] }).shape[0];
  const [intermediate] = requireTensor(encoder, 'encoder.layer.0.intermediate.dense.weight', {
    shape: [null, null],
  }).shape;
  const hidden = config?.integer('hidden_size') ?? width;
  const layers = config?.integer('num_hidden_layers', { maximum: 1000 }) ?? countLayers(encoder, 'encoder.layer');
  const tokens = encoder.tensors.get('embeddings.position_embeddings')?.shape[1];
  const shapes = { width: hidden, layers, patch: `${patchFrames}x${patchBands}`, tokens, pooled };
  const settings = new NetworkSettings(
    config?.name ?? encoder.name,
    `${layers} layers, ${hidden} wide, ${tokens} tokens`,
    JSON.stringify(shapes) === JSON.stringify(published.shapes),
  );
  const configuredImage = config?.integers('image_size', { maximum: 4096 });
  const [imageFrames, imageBands = imageFrames] = settings.choose<readonly number[]>(
    'image_size',
    configuredImage,
    published.image,
  );
  const [patchHeight = patchFrames, patchWidth = patchHeight] = config?.integers('patch_size', {
    maximum: 4096,
  }) ?? [patchFrames, patchBands];
  const sizes: Sizes = {
    layers,
    width: hidden,
    heads: settings.choose('num_attention_heads', config?.integer('num_attention_heads'), published.heads),
    intermediate: config?.integer('intermediate_size') ?? intermediate,
    patch: [patchHeight, patchWidth],
    image: { frames: imageFrames, bands: imageBands },
    activation: settings.choose('hidden_act', config?.text('hidden_act', activations), published.activation),
    normEpsilon: settings.choose(
      'layer_norm_eps',
      config?.number('layer_norm_eps', { minimum: 0, maximum: 1 }),
      published.normEpsilon,
    ),
    queryKeyValueBias:
      config?.flag('qkv_bias') ?? encoder.tensors.has('encoder.layer.0.attention.attention.query.bias'),
    pooler: settings.choose('pooler_act', config?.text('pooler_act', ['linear', 'tanh']), published.pooler),
    sceneEmbeddingSize: config?.integer('pooler_output_size') ?? pooled,
  };
  settings.check();
  checkDivisions(encoder.name, config, sizes);
  return sizes;
}

function checkDivisions(name: string, config: ModelConfig | undefined, { width, heads, patch, image }: Sizes): void {
  const refused = (found: string) =>
    new CheckpointError({
      asked: config?.name ?? name,
      found,
      fix: "pass the model's published config.json",
    });
  if (width % heads !== 0) throw refused(`${heads} attention heads, which do not divide the width ${width}`);
  if (image.frames % patch[0] !== 0 || image.bands % patch[1] !== 0) {
    throw refused(`patches of ${patch.join('x')}, which do not divide an image of ${image.frames}x${image.bands}`);
  }
}
