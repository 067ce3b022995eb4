import type { SavedFile, TrainedWeights } from '@hearken/core';
import {
  configFile,
  finetunedTensors,
  headContents,
  labelSettings,
  type ModelConfig,
  type ModelFiles,
  pythonFloat,
  pythonObject,
  type PickleValue,
  readTorchFile,
  savedFile,
  stateDict,
  type TensorContents,
  withAttributes,
  writeTorchCheckpoint,
} from '@hearken/onnx';
import { encoderParts } from './head-weights.js';
import { plainAttributes } from './plain-attributes.js';
import { findConfig, selectEncoder } from './sizes.js';

/** What the authors' training script saves beside the weights. */
export interface HubertEcgFinetunedOptions {
  /** Which of several sets of weights was trained. */
  readonly weights?: string;
  /** Updates so far; default: 0. */
  readonly globalStep?: number;
  /** The lowest loss on the validation records; default: infinity, as before the first validation. */
  readonly bestValidationLoss?: number;
}

/**
 * A fine-tuned HuBERT-ECG in its authors' layout (`finetune.py`): a dict with `model_config`, `model_state_dict`
 * (`hubert_ecg.*` and `classifier.*`, float32, the positional convolution as `weight_g` and `weight_v`),
 * `finetuning_vocab_size`, `linear` and so on, and a `config.json` with all settings and the labels. The plugin loads the
 * folder of both, and the `.pt` alone.
 *
 * `model_config` is the one of the checkpoint, as its class and attributes, or one of that class with the settings of its
 * `config.json`; the names of the labels are added. `optimizer_state_dict` and `lr_scheduler_state_dict` are empty, and
 * `target_val_auroc` is None: weights can be used, but the authors' script cannot resume the training. What only
 * pre-training uses (`final_proj`, `label_embedding`) and an earlier head are left out.
 *
 * @param files the checkpoint that training began with
 * @throws CheckpointError for trained tensors that it does not have
 */
export async function hubertEcgFinetuned(
  files: ModelFiles,
  trained: TrainedWeights,
  { weights, globalStep = 0, bestValidationLoss = Infinity }: HubertEcgFinetunedOptions = {},
): Promise<SavedFile[]> {
  const encoder = selectEncoder(files.checkpoint, weights);
  const all = finetunedTensors(files, encoder, trained.tensors, (name) => name.startsWith('classifier.'));
  const tensors: [string, TensorContents][] = [...all]
    .filter(([name]) => encoderParts.includes(name.split('.')[0]))
    .map(([name, contents]) => [`hubert_ecg.${authorsName(name)}`, contents]);
  const outputs = trained.labels.length;
  const inputs = (trained.tensors.get('classifier.weight')?.length ?? 0) / outputs;
  tensors.push(
    ['classifier.weight', headContents(trained, 'classifier.weight', [outputs, inputs])],
    ['classifier.bias', headContents(trained, 'classifier.bias', [outputs])],
  );
  const config = findConfig(files.checkpoint, files.config);
  const value = new Map<PickleValue, PickleValue>([
    ['global_step', globalStep],
    ['best_val_loss', pythonFloat(bestValidationLoss)],
    ['model_config', await configObject(files, config, trained)],
    ['model_state_dict', stateDict(tensors)],
    ['optimizer_state_dict', new Map()],
    ['lr_scheduler_state_dict', new Map()],
    ['patience_count', 0],
    ['linear', true],
    ['finetuning_vocab_size', outputs],
    ['use_label_embedding', false],
    ['target_val_auroc', null],
  ]);
  const parts = writeTorchCheckpoint(value, 'finetuned');
  return [await savedFile({ name: 'finetuned.pt', parts }), configFile(plainAttributes(config?.values ?? {}), trained)];
}

/** As in PyTorch before 2.1, where the authors' files come from. */
function authorsName(name: string): string {
  return name
    .replace('parametrizations.weight.original0', 'weight_g')
    .replace('parametrizations.weight.original1', 'weight_v');
}

/** The authors' config object: attributes of a class, nothing of which runs here. */
async function configObject(
  files: ModelFiles,
  config: ModelConfig | undefined,
  trained: TrainedWeights,
): Promise<PickleValue> {
  const saved = files.checkpoint.format === 'torch' ? await readTorchFile(files) : null;
  const known = saved instanceof Map ? saved.get('model_config') : undefined;
  const { id2label, label2id, problem_type } = labelSettings(trained);
  const labels: [string, PickleValue][] = [
    ['id2label', new Map(Object.entries(id2label).map(([place, label]) => [Number(place), label]))],
    ['label2id', new Map(Object.entries(label2id))],
    ['problem_type', problem_type],
  ];
  const attributes = known instanceof Map ? named(known) : pickled(config?.values ?? {});
  const made = pythonObject('hubert_ecg', 'HuBERTECGConfig', new Map(attributes));
  return withAttributes(known, made, labels);
}

function named(dict: ReadonlyMap<PickleValue, PickleValue>): [string, PickleValue][] {
  return [...dict].filter((entry): entry is [string, PickleValue] => typeof entry[0] === 'string');
}

/** The settings of a `config.json` as Python values. */
function pickled(settings: Readonly<Record<string, unknown>>): [string, PickleValue][] {
  const value = (one: unknown): PickleValue => {
    if (Array.isArray(one)) return one.map(value);
    if (typeof one === 'object' && one !== null) return new Map(pickled(one as Record<string, unknown>));
    return one as PickleValue;
  };
  return Object.entries(settings).map(([name, one]) => [name, value(one)]);
}
