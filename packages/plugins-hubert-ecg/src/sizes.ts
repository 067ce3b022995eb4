import { CheckpointError } from '@hearken/core';
import {
  type Activation,
  activations,
  type Checkpoint,
  countLayers,
  lookUp,
  ModelConfig,
  NetworkSettings,
  type PickleValue,
  requireTensor,
  selectWeights,
  type SelectedWeights,
  wrongCheckpoint,
} from '@hearken/onnx';
import { checkpoints, landmark, speechLandmark } from './checkpoints.js';
import { windowSamples } from './preprocessing/preprocess.js';

/** One convolution over time. */
export interface ConvolutionSize {
  readonly outputs: number;
  readonly kernel: number;
  readonly stride: number;
}

/** Sizes of the network. */
export interface Sizes {
  readonly convolutions: readonly ConvolutionSize[];
  readonly convolutionBias: boolean;
  /** `group`: the first convolution is normalised over time; `layer`: each one over its channels. */
  readonly convolutionNorm: 'group' | 'layer';
  readonly convolutionActivation: Activation;
  readonly projectionNorm: boolean;
  readonly positions: { readonly kernel: number; readonly groups: number };
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  /** Width of the hidden layer of the feed-forward blocks. */
  readonly intermediate: number;
  readonly activation: Activation;
  /** Whether norms come before the blocks rather than after them ("stable layer norm"). */
  readonly preNorm: boolean;
  readonly normEpsilon: number;
  /** Tokens of a window. */
  readonly tokens: number;
}

/**
 * Settings of the published models that their weights don't show. Source: `pretrain.py` and `finetune.py` of
 * github.com/Edoar-do/HuBERT-ECG, and the config.json of huggingface.co/Edoardo-BS/hubert-ecg-{small,base,large}.
 * Attention heads by width: those of `large` are 80 wide, where all others are 64.
 */
const published = {
  kernels: [10, 3, 3, 2, 2],
  strides: [4, 2, 2, 2, 2],
  heads: new Map([
    [512, 8],
    [768, 12],
    [960, 12],
  ]),
  activation: 'gelu',
  preNorm: false,
  normEpsilon: 1e-5,
} as const;

const needed = 'a HuBERT-ECG checkpoint';

/**
 * The part of a checkpoint that is HuBERT-ECG's encoder, whatever the common prefix of its tensors; heads and
 * optimizers are left out.
 *
 * @param weights which of several sets of weights, see `selectWeights`
 * @throws CheckpointError saying what the checkpoint looks like instead
 */
export function selectEncoder(checkpoint: Checkpoint, weights?: unknown): SelectedWeights {
  const encoder = selectWeights(checkpoint, { landmarks: [landmark], weights });
  if (encoder === undefined) throw wrongCheckpoint(checkpoint, checkpoints, needed, landmark);
  if (encoder.tensors.has(speechLandmark)) {
    throw new CheckpointError({
      asked: `${checkpoint.name} as ${needed}`,
      found: "it looks like HuBERT or wav2vec 2.0 for speech, with at least 7 convolutions instead of HuBERT-ECG's 5",
      fix: `pass ${needed}`,
    });
  }
  return encoder;
}

/** The settings that come with a checkpoint: `config.json`, or the pickled config object of the authors' `.pt`. */
export function findConfig(checkpoint: Checkpoint, config: ModelConfig | undefined): ModelConfig | undefined {
  if (config !== undefined) return config;
  const pickled = lookUp(checkpoint.metadata, 'model_config');
  const attributes = pickled instanceof Map ? pickled : pickledAttributes(pickled);
  if (attributes === undefined) return undefined;
  const named = [...attributes].filter((entry): entry is [string, PickleValue] => typeof entry[0] === 'string');
  return new ModelConfig(`${checkpoint.name}: model_config`, Object.fromEntries(named));
}

function pickledAttributes(value: PickleValue | undefined): Map<PickleValue, PickleValue> | undefined {
  const isRecord = typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'record';
  return isRecord && value.state instanceof Map ? value.state : undefined;
}

/**
 * The model's sizes: from its config if there is one, else from the shapes of its weights and, for what those don't
 * show, from the published model of that size. Weights are checked against them when the graph is built.
 *
 * @throws CheckpointError for a config that describes another kind of model, or a missing tensor; OptionError for a size that
 * was not published, without a config
 */
export function chooseSizes(encoder: Checkpoint, config: ModelConfig | undefined): Sizes {
  const count = countLayers(encoder, 'feature_extractor.conv_layers');
  const weights = Array.from({ length: count }, (_, index) => {
    const name = `feature_extractor.conv_layers.${index}.conv.weight`;
    return requireTensor(encoder, name, { shape: [null, null, null] }).shape;
  });
  const width = requireTensor(encoder, 'feature_projection.projection.weight', { shape: [null, null] }).shape[0];
  const [intermediate] = requireTensor(encoder, 'encoder.layers.0.feed_forward.intermediate_dense.weight', {
    shape: [null, null],
  }).shape;
  const layerNorms = encoder.tensors.has('feature_extractor.conv_layers.1.layer_norm.weight');
  const hidden = config?.integer('hidden_size') ?? width;
  const layers = config?.integer('num_hidden_layers', { maximum: 1000 }) ?? countLayers(encoder, 'encoder.layers');
  const heads = published.heads.get(hidden);
  const isPublished = heads !== undefined && published.kernels.join() === weights.map(([, , kernel]) => kernel).join();
  const settings = new NetworkSettings(encoder.name, `${layers} layers, ${hidden} wide`, isPublished);
  const convolutions = chooseConvolutions(encoder, config, weights, settings);
  // Settings missing in a config have the defaults of Hugging Face's config class, which the published models use too.
  const plain = config === undefined ? settings : new NetworkSettings(config.name, '', true);
  const activation = plain.choose('hidden_act', config?.text('hidden_act', activations), published.activation);
  const sizes: Sizes = {
    convolutions,
    convolutionBias: config?.flag('conv_bias') ?? encoder.tensors.has('feature_extractor.conv_layers.0.conv.bias'),
    convolutionNorm: config?.text('feat_extract_norm', ['group', 'layer']) ?? (layerNorms ? 'layer' : 'group'),
    convolutionActivation: config?.text('feat_extract_activation', activations) ?? activation,
    projectionNorm: config?.flag('feat_proj_layer_norm') ?? encoder.tensors.has('feature_projection.layer_norm.weight'),
    positions: {
      kernel: config?.integer('num_conv_pos_embeddings', { maximum: 4096 }) ?? positionKernel(encoder),
      groups: config?.integer('num_conv_pos_embedding_groups') ?? positionGroups(encoder, width),
    },
    layers,
    width: hidden,
    heads: settings.choose('num_attention_heads', config?.integer('num_attention_heads'), heads ?? 12),
    intermediate: config?.integer('intermediate_size') ?? intermediate,
    activation,
    preNorm: plain.choose('do_stable_layer_norm', config?.flag('do_stable_layer_norm'), published.preNorm),
    normEpsilon: plain.choose(
      'layer_norm_eps',
      config?.number('layer_norm_eps', { minimum: 0, maximum: 1 }),
      published.normEpsilon,
    ),
    tokens: countTokens(convolutions),
  };
  settings.check();
  checkSizes(config?.name ?? encoder.name, sizes, config?.flag('conv_pos_batch_norm') ?? false);
  return sizes;
}

function chooseConvolutions(
  encoder: Checkpoint,
  config: ModelConfig | undefined,
  weights: readonly (readonly number[])[],
  settings: NetworkSettings,
): ConvolutionSize[] {
  const outputs = config?.integers('conv_dim', { maximum: 65_536 }) ?? weights.map(([size]) => size);
  const kernels = config?.integers('conv_kernel', { maximum: 65_536 }) ?? weights.map(([, , kernel]) => kernel);
  const configured = config?.integers('conv_stride', { maximum: 65_536 });
  const strides: readonly number[] = settings.choose('conv_stride', configured, published.strides);
  if (![outputs, kernels, strides].every((list) => list.length === weights.length)) {
    throw new CheckpointError({
      asked: config?.name ?? encoder.name,
      found: `${weights.length} convolutions in the weights, ${outputs.length} sizes, ${kernels.length} kernels and ${strides.length} strides`,
      fix: "pass the model's published config.json",
    });
  }
  return outputs.map((size, index) => ({ outputs: size, kernel: kernels[index], stride: strides[index] }));
}

function countTokens(convolutions: readonly ConvolutionSize[]): number {
  return convolutions.reduce((length, { kernel, stride }) => Math.floor((length - kernel) / stride) + 1, windowSamples);
}

function positionKernel(encoder: Checkpoint): number {
  return positionShape(encoder)[2];
}

/** The convolution has `[width, width / groups, kernel]`. */
function positionGroups(encoder: Checkpoint, width: number): number {
  return Math.max(1, Math.floor(width / Math.max(1, positionShape(encoder)[1])));
}

function positionShape(encoder: Checkpoint): readonly number[] {
  const prefix = 'encoder.pos_conv_embed.conv.';
  const name = ['weight_v', 'parametrizations.weight.original1', 'weight'].find((one) =>
    encoder.tensors.has(prefix + one),
  );
  return requireTensor(encoder, prefix + (name ?? 'weight_v'), { shape: [null, null, null] }).shape;
}

function checkSizes(name: string, { width, heads, positions, tokens }: Sizes, positionNorm: boolean): void {
  const refused = (found: string) =>
    new CheckpointError({ asked: name, found, fix: "pass the model's published config.json" });
  if (width % heads !== 0) throw refused(`${heads} attention heads, which do not divide the width ${width}`);
  if (width % positions.groups !== 0) {
    throw refused(`positions in ${positions.groups} groups, which do not divide the width ${width}`);
  }
  if (tokens < 1) throw refused(`convolutions that leave no token of ${windowSamples} samples`);
  if (positionNorm) throw refused("batch norm in the positional embedding, which HuBERT-ECG models don't have");
}
