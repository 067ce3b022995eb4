import { CheckpointError, OptionError } from '@hearken/core';
import { type Activation, activations, countLayers, type ModelConfig, requireTensor } from '@hearken/onnx';
import { type AstCheckpoint, trainingArgument } from './layout.js';

/** Sizes of the transformer; the published one is a ViT-B with patches of 16x16 every 10. */
export interface Sizes {
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  /** Width of the hidden layer of the feed-forward blocks. */
  readonly intermediate: number;
  readonly activation: Activation;
  readonly normEpsilon: number;
  readonly headNormEpsilon: number;
  readonly queryKeyValueBias: boolean;
  /** Bands of the log-mel. */
  readonly bands: number;
  /** Bands and frames of a patch, and from one patch to the next. */
  readonly patch: readonly [number, number];
  readonly stride: readonly [number, number];
  /** Patches along frequency, and along time, that the checkpoint has positions for. */
  readonly frequencies: number;
  readonly storedTimes: number;
}

/** Settings of the authors' releases that their weights don't show. */
const published = { activation: 'gelu', bands: 128, normEpsilon: 1e-6, headNormEpsilon: 1e-5 } as const;
const huggingFaceEpsilon = 1e-12;
/** Patches along time that positions are read for; the longest published model has 101. */
const maximumTimes = 10_000;
/** Strides of the authors' releases; without overlap it is the patch. */
const publishedStrides = [10, 12, 14, 16];
/**
 * The positions of published models, whose stride is thereby known although others would fit: AST for AudioSet, ESC-50 and
 * Speech Commands (1024, 512 and 128 frames), Patch-Mix (8 s).
 */
const publishedPositions = new Map([
  [1212, 10],
  [600, 10],
  [144, 10],
  [948, 10],
]);
/**
 * Attention heads by width. Source: the DeiT sizes that the authors' `ast_models.py` starts from (tiny, small, base), and the
 * miniature models that parity is tested with.
 */
const publishedHeads = new Map([
  [64, 4],
  [192, 3],
  [384, 6],
  [768, 12],
]);

/** Options for what the weights don't show. */
export interface AskedSizes {
  readonly stride?: number;
  readonly heads?: number;
}

/** Patches along an axis of `length`. */
export function patchCount(length: number, patch: number, stride: number): number {
  return Math.max(0, Math.floor((length - patch) / stride) + 1);
}

/**
 * The model's sizes: from its config if there is one, else from the shapes of its weights and the published model.
 * Weights are checked against them when the graph is built.
 *
 * @throws CheckpointError for sizes that don't fit together; OptionError for what neither the weights nor a published
 * model of the size determine
 */
export function chooseSizes(ast: AstCheckpoint, config: ModelConfig | undefined, asked: AskedSizes): Sizes {
  const { encoder, names } = ast;
  const [, , width] = requireTensor(encoder, names.classToken, { shape: [1, 1, null] }).shape;
  const patchShape = requireTensor(encoder, `${names.patches}.weight`, { shape: [width, 1, null, null] }).shape;
  const [intermediate] = requireTensor(encoder, `${names.intermediate}.weight`, { shape: [null, width] }).shape;
  const positions = requireTensor(encoder, names.positions, { shape: [1, null, width] }).shape[1] - 2;
  const patch = [patchShape[2], patchShape[3]] as const;
  const bands = config?.integer('num_mel_bins', { maximum: 1024 }) ?? argumentInteger(ast, 'n_mels') ?? published.bands;
  const heads =
    config?.integer('num_attention_heads') ?? asked.heads ?? publishedHeads.get(width) ?? askHeads(ast, width);
  const epsilon = config?.number('layer_norm_eps', { minimum: 0, maximum: 1 });
  const isOriginal = ast.layout === 'original';
  const normEpsilon = epsilon ?? (isOriginal ? published.normEpsilon : huggingFaceEpsilon);
  if (width % heads !== 0)
    throw refused(ast, config, `${heads} attention heads, which do not divide the width ${width}`);
  return {
    layers: config?.integer('num_hidden_layers', { maximum: 1000 }) ?? countLayers(encoder, names.layers),
    width,
    heads,
    intermediate: config?.integer('intermediate_size') ?? intermediate,
    activation: config?.text('hidden_act', activations) ?? published.activation,
    normEpsilon,
    headNormEpsilon: isOriginal ? published.headNormEpsilon : normEpsilon,
    queryKeyValueBias: config?.flag('qkv_bias') ?? true,
    bands,
    patch,
    ...choosePatches(ast, config, asked.stride, { patch, bands, positions }),
  };
}

/** Strides, and how the positions lie along frequency and time. */
function choosePatches(
  ast: AstCheckpoint,
  config: ModelConfig | undefined,
  asked: number | undefined,
  { patch, bands, positions }: { patch: readonly [number, number]; bands: number; positions: number },
): Pick<Sizes, 'stride' | 'frequencies' | 'storedTimes'> {
  const [frequencyStride, timeStride] = [config?.integer('frequency_stride'), config?.integer('time_stride')];
  const given = frequencyStride ?? asked ?? (bands === published.bands ? publishedPositions.get(positions) : undefined);
  const fitting = (given === undefined ? publishedStrides : [given])
    .map((stride) => ({ stride, frequencies: patchCount(bands, patch[0], stride) }))
    .filter(({ frequencies }) => frequencies >= 1 && positions >= frequencies && positions % frequencies === 0)
    .filter(({ frequencies }) => positions / frequencies <= maximumTimes);
  if (fitting.length > 1) throw askStride(ast, positions, fitting);
  if (fitting.length === 1) {
    const [{ stride, frequencies }] = fitting;
    return { stride: [stride, timeStride ?? stride], frequencies, storedTimes: positions / frequencies };
  }
  throw refused(
    ast,
    config,
    `${positions} positions, which is not a whole number of columns of patches of ${patch.join('x')} over ${bands} bands` +
      (given === undefined ? '' : ` with a stride of ${given}`),
  );
}

/** Weights don't show the number of attention heads, and a wrong number gives embeddings that only look right. */
function askHeads({ file }: AstCheckpoint, width: number): never {
  const widths = [...publishedHeads.keys()].filter((one) => one >= 192);
  throw new OptionError({
    asked: `the network of ${file.name} (${width} wide)`,
    found: `no published model of that width (${widths.join(', ')}), and no number of attention heads`,
    fix: `pass the folder with the model's config.json, or options.heads: --options '{"heads": 12}' for twelve`,
  });
}

function askStride(
  { file }: AstCheckpoint,
  positions: number,
  fitting: readonly { readonly stride: number }[],
): OptionError {
  return new OptionError({
    asked: `the patches of ${file.name}`,
    found: `${positions} positions, which fit patches every ${fitting.map(({ stride }) => stride).join(', or every ')} bands and frames`,
    fix: `pass the stride that the model was trained with as options.stride, such as --options '{"stride": ${fitting[0].stride}}'`,
  });
}

/** An argument of the training script, if it is a plausible number. */
export function argumentInteger(ast: AstCheckpoint, name: string): number | undefined {
  const value = trainingArgument(ast, name);
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 1024 ? value : undefined;
}

/** For errors: `this model (12 layers, 768 wide)`. */
export function describeSizes({ layers, width }: Sizes): string {
  return `this model (${layers} layers, ${width} wide)`;
}

function refused(ast: AstCheckpoint, config: ModelConfig | undefined, found: string): CheckpointError {
  return new CheckpointError({
    asked: config?.name ?? ast.file.name,
    found,
    fix: "pass the model's published config.json, or options.stride and options.heads",
  });
}
