import { CheckpointError } from '@hearken/core';
import {
  type Checkpoint,
  type EncoderLayer,
  externalFloat32,
  type GraphBuilder,
  linearWeights,
  lookUp,
  requireTensor,
  rowsOf,
  selectBeside,
  type SelectedWeights,
  type StackedEncoderLayer,
  selectWeights,
  storedMatrices,
  type VitLayerShape,
  vitEncoderLayer,
  weight,
  weightTypes,
  wrongCheckpoint,
} from '@hearken/onnx';
import { checkpoints } from './checkpoints.js';

/** Names of the tensors outside the layers. Those that don't end in `weight` have a `weight` and a `bias`. */
interface Names {
  readonly classToken: string;
  readonly distillationToken: string;
  readonly positions: string;
  readonly patches: string;
  readonly layers: string;
  /** Feed-forward layer to the wider hidden layer, of the first layer. */
  readonly intermediate: string;
  readonly finalNorm: string;
}

/** The authors' names, which contain those of timm's vision transformer. */
const originalNames: Names = {
  classToken: 'v.cls_token',
  distillationToken: 'v.dist_token',
  positions: 'v.pos_embed',
  patches: 'v.patch_embed.proj',
  layers: 'v.blocks',
  intermediate: 'v.blocks.0.mlp.fc1',
  finalNorm: 'v.norm',
};

const huggingFaceNames: Names = {
  classToken: 'embeddings.cls_token',
  distillationToken: 'embeddings.distillation_token',
  positions: 'embeddings.position_embeddings',
  patches: 'embeddings.patch_embeddings.projection',
  layers: 'encoder.layer',
  intermediate: 'encoder.layer.0.intermediate.dense',
  finalNorm: 'layernorm',
};

/** A classifier: layer norm and linear layer. */
export interface Head {
  readonly checkpoint: Checkpoint;
  readonly norm: string;
  readonly linear: string;
}

/** An audio spectrogram transformer in a checkpoint, with either naming. */
export interface AstCheckpoint {
  readonly layout: 'original' | 'huggingFace';
  readonly encoder: SelectedWeights;
  readonly names: Names;
  readonly head?: Head;
  /** The whole file, including what the training script saved with the model: see {@link trainingArgument}. */
  readonly file: Checkpoint;
}

/**
 * Finds the model in a checkpoint file, whatever the prefix of its tensor names.
 *
 * @param weights which of several sets of weights, see `selectWeights`
 * @throws CheckpointError saying what the checkpoint looks like instead
 */
export function findAst(file: Checkpoint, weights?: unknown): AstCheckpoint {
  const original = selectWeights(file, { landmarks: [originalNames.classToken], weights });
  if (original !== undefined) {
    refuseSelfSupervised(file, original);
    const found = { layout: 'original', encoder: original, names: originalNames, file } as const;
    // Patch-Mix trains the copy of the head that it saves next to the model; the one inside is unchanged.
    const head =
      headBeside(file, original, 'classifier.0', 'classifier.1') ?? findHead(original, 'mlp_head.0', 'mlp_head.1');
    return { ...found, ...(head === undefined ? {} : { head }) };
  }
  // A plain vision transformer has a class token and patches with the same names, but no distillation token.
  const huggingFace = selectWeights(file, { landmarks: [huggingFaceNames.distillationToken], weights });
  if (huggingFace?.tensors.has(huggingFaceNames.positions)) {
    const head = headBeside(file, huggingFace, 'classifier.layernorm', 'classifier.dense');
    const found = { layout: 'huggingFace', encoder: huggingFace, names: huggingFaceNames, file } as const;
    return { ...found, ...(head === undefined ? {} : { head }) };
  }
  const needed = "an AST or Patch-Mix checkpoint (the authors' best.pth or .pth, or a Hugging Face AST folder)";
  throw wrongCheckpoint(file, checkpoints, needed, originalNames.classToken);
}

/** A number or text among the arguments that Patch-Mix's training script pickles with the model. */
export function trainingArgument({ file }: AstCheckpoint, name: string): number | string | undefined {
  const value = file.format === 'torch' ? lookUp(file.metadata, 'args', name) : undefined;
  return typeof value === 'number' || typeof value === 'string' ? value : undefined;
}

/** One encoder layer, with either naming. */
export function encoderLayer(
  graph: GraphBuilder,
  ast: AstCheckpoint,
  index: number,
  shape: VitLayerShape & {
    /** Keeps queries, keys and values in one matrix, if they are stored so. */
    readonly isStacked?: boolean;
  },
): EncoderLayer | StackedEncoderLayer {
  const prefix = `${ast.names.layers}.${index}`;
  return ast.layout === 'huggingFace'
    ? vitEncoderLayer(graph, ast.encoder, prefix, shape)
    : originalLayer(graph, ast.encoder, prefix, shape);
}

/** timm's names; queries, keys and values are stacked in one tensor. */
function originalLayer(
  graph: GraphBuilder,
  encoder: Checkpoint,
  prefix: string,
  { width, intermediate, need, matrices = storedMatrices, isStacked = false }: Parameters<typeof encoderLayer>[3],
): EncoderLayer | StackedEncoderLayer {
  const named = (name: string, shape: readonly number[]) => weight(graph, encoder, `${prefix}.${name}`, shape, need);
  const linear = (name: string, inputs: number, outputs: number) =>
    linearWeights(graph, encoder, `${prefix}.${name}`, { inputs, outputs, need, matrices });
  const norm = (name: string) => ({ scale: named(`${name}.weight`, [width]), bias: named(`${name}.bias`, [width]) });
  const stacked = (name: string, shape: readonly number[]) =>
    requireTensor(encoder, `${prefix}.attn.qkv.${name}`, { shape, dataTypes: weightTypes, need });
  const [weights, biases] = [stacked('weight', [3 * width, width]), stacked('bias', [3 * width])];
  const part = (start: number, end: number) => ({
    ...matrices(graph, rowsOf(weights, start * width, end * width)),
    bias: externalFloat32(graph, rowsOf(biases, start * width, end * width)),
  });
  const blocks = {
    attentionNorm: norm('norm1'),
    attentionOutput: linear('attn.proj', width, width),
    feedForwardNorm: norm('norm2'),
    intermediate: linear('mlp.fc1', width, intermediate),
    output: linear('mlp.fc2', intermediate, width),
  };
  return isStacked
    ? { ...blocks, queryKeyValue: linear('attn.qkv', width, 3 * width) }
    : { ...blocks, query: part(0, 1), key: part(1, 2), value: part(2, 3) };
}

/** A head saved next to the model, from the same set of weights. */
function headBeside(file: Checkpoint, model: SelectedWeights, norm: string, linear: string): Head | undefined {
  const found = selectBeside(file, model, [`${norm}.weight`, `${linear}.weight`]);
  return found === undefined ? undefined : findHead(found, norm, linear);
}

function findHead(checkpoint: Checkpoint, norm: string, linear: string): Head | undefined {
  const isThere = checkpoint.tensors.has(`${linear}.weight`) && checkpoint.tensors.has(`${norm}.weight`);
  return isThere ? { checkpoint, norm, linear } : undefined;
}

/** SSAST has AST's names and more, but other patches and another embedding (the mean over all tokens). */
function refuseSelfSupervised(file: Checkpoint, encoder: Checkpoint): void {
  if (!encoder.tensors.has('mask_embed') && lookUp(file.metadata, 'args', 'model') !== 'ssast') return;
  throw new CheckpointError({
    asked: `${file.name} as an AST or Patch-Mix checkpoint`,
    found: 'it looks like SSAST, which embeds audio differently',
    fix: "pass a checkpoint of AST, or of Patch-Mix trained with '--model ast'",
  });
}
