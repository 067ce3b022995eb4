import type { SavedFile, TrainedWeights } from '@hearken/core';
import {
  configFile,
  finetunedTensors,
  headContents,
  type ModelFiles,
  nameInFile,
  type PickleValue,
  pythonObject,
  readTorchFile,
  rewriteCheckpoint,
  savedFile,
  stateDict,
  type TensorContents,
  tensorContents,
  type TensorValues,
  withAttributes,
  writeTorchCheckpoint,
} from '@hearken/onnx';
import { type AstCheckpoint, findAst } from './layout.js';
import { isPatchMix } from './preparation.js';
import { chooseSizes, type Sizes } from './sizes.js';

/** What a fine-tuned Patch-Mix or AST is made from besides its weights. */
export interface PatchMixFinetunedOptions {
  /** Which of several sets of weights was trained. */
  readonly weights?: string;
  /** The epoch that the weights are from; default: 0. */
  readonly epoch?: number;
  /** Bands and frames from one patch to the next, and attention heads, if the checkpoint doesn't show them. */
  readonly stride?: number;
  /** Attention heads. */
  readonly heads?: number;
}

/** The new head: layer norm and linear layer. */
type Head = Readonly<Record<'0.weight' | '0.bias' | '1.weight' | '1.bias', TensorContents>>;

/**
 * A fine-tuned Patch-Mix in its authors' layout, `best.pth`: a dict of `args`, `model`, `optimizer`, `epoch` and
 * `classifier`, float32. `model.mlp_head` is the original's, as in theirs: the head is `classifier`. `args` are the
 * original's, or a namespace like theirs, with the names of the labels as `cls_list`; `optimizer` is empty, so that the
 * training cannot be resumed. The projector of the contrastive loss is left out.
 *
 * An AST that is not a Patch-Mix keeps its own layout: a flat state dict with the new head as `mlp_head`, or a Hugging
 * Face folder. Beside each is a `config.json` with the labels and what weights don't show. The plugin loads the folder.
 *
 * @param files the checkpoint that training began with; trained positions may be of another length
 * @throws CheckpointError for trained tensors that it does not have; OptionError as `patchMixTrainingGraph`
 */
export async function patchMixFinetuned(
  files: ModelFiles,
  trained: TrainedWeights,
  options: PatchMixFinetunedOptions = {},
): Promise<SavedFile[]> {
  const ast = findAst(files.checkpoint, options.weights);
  const sizes = chooseSizes(ast, files.config, options);
  const head = headOf(trained, sizes);
  const settings = {
    ...files.config?.values,
    num_attention_heads: sizes.heads,
    frequency_stride: sizes.stride[0],
    time_stride: sizes.stride[1],
  };
  if (ast.layout === 'huggingFace') {
    return [...(await huggingFaceFiles(files, ast, trained, sizes)), configFile(settings, trained)];
  }
  const { tensors, times } = modelTensors(files, ast, trained, sizes);
  const config = configFile(settings, trained);
  if (!isPatchMix(ast, { ...sizes, storedTimes: times })) {
    for (const [name, contents] of Object.entries(head)) tensors.set(`mlp_head.${name}`, contents);
    return [await savedFile({ name: 'ast.pth', parts: writeTorchCheckpoint(stateDict(tensors), 'ast') }), config];
  }
  const value = new Map<PickleValue, PickleValue>([
    ['args', await argumentsOf(files, trained)],
    ['model', stateDict(tensors)],
    ['optimizer', new Map()],
    ['epoch', options.epoch ?? 0],
    ['classifier', stateDict(Object.entries(head))],
  ]);
  return [await savedFile({ name: 'best.pth', parts: writeTorchCheckpoint(value, 'best') }), config];
}

function isHead(name: string): boolean {
  return /^(?:classifier|projector)\./.test(name);
}

function headOf(trained: TrainedWeights, { width }: Sizes): Head {
  const outputs = trained.labels.length;
  return {
    '0.weight': headContents(trained, 'classifier.0.weight', [width]),
    '0.bias': headContents(trained, 'classifier.0.bias', [width]),
    '1.weight': headContents(trained, 'classifier.1.weight', [outputs, width]),
    '1.bias': headContents(trained, 'classifier.1.bias', [outputs]),
  };
}

/** The transformer and its old head; positions may have been fitted to clips of another length. */
function modelTensors(
  files: ModelFiles,
  { encoder, names }: AstCheckpoint,
  trained: TrainedWeights,
  { width, frequencies, storedTimes }: Sizes,
) {
  const name = [names.positions, `checkpoint/${names.positions}`].find((one) => trained.tensors.has(one));
  const data = name === undefined ? undefined : trained.tensors.get(name);
  const others = new Map([...trained.tensors].filter(([one]) => one !== name));
  const tensors = finetunedTensors(files, encoder, others, isHead);
  if (data === undefined) return { tensors, times: storedTimes };
  const tokens = data.length / width;
  tensors.set(names.positions, tensorContents(names.positions, { data, shape: [1, tokens, width] }));
  return { tensors, times: (tokens - 2) / frequencies };
}

/** The training script's arguments, with the number and names of the classes. */
async function argumentsOf(files: ModelFiles, { labels }: TrainedWeights): Promise<PickleValue> {
  const saved = files.checkpoint.format === 'torch' ? await readTorchFile(files) : null;
  const made = pythonObject('argparse', 'Namespace', new Map([['model', 'ast']]));
  return withAttributes(saved instanceof Map ? saved.get('args') : undefined, made, [
    ['n_cls', labels.length],
    ['cls_list', [...labels]],
  ]);
}

/** Names of the head in Hugging Face's class for audio classification. */
const huggingFaceHead: Readonly<Record<string, string>> = {
  'classifier.0.weight': 'classifier.layernorm.weight',
  'classifier.0.bias': 'classifier.layernorm.bias',
  'classifier.1.weight': 'classifier.dense.weight',
  'classifier.1.bias': 'classifier.dense.bias',
};

async function huggingFaceFiles(
  files: ModelFiles,
  { encoder }: AstCheckpoint,
  trained: TrainedWeights,
  { width }: Sizes,
): Promise<SavedFile[]> {
  const outer = encoder.prefix.replace(/[^.]+\.$/, '');
  const tensors = new Map<string, TensorValues>();
  for (const [name, data] of trained.tensors) {
    const plain = name.replace(/^checkpoint\//, '');
    const head = huggingFaceHead[plain];
    if (head !== undefined) {
      const shape = plain === 'classifier.1.weight' ? [data.length / width, width] : [data.length];
      tensors.set(outer + head, { data, shape });
    } else if (!isHead(plain)) {
      const shape = encoder.tensors.get(plain)?.shape ?? [data.length];
      tensors.set(nameInFile(files.checkpoint, encoder, plain), { data, shape });
    }
  }
  const written = await rewriteCheckpoint(files, { tensors });
  return Promise.all(written.map(savedFile));
}
