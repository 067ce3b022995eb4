import { CheckpointError } from '@hearken/core';
import type { TensorEntry } from '../checkpoint.js';
import type { ModelConfig } from '../model-config.js';
import type { ModelFiles } from '../model-files.js';
import { type AdapterMatrices, configName, type LowRankAdapters } from './adapter.js';

/** `default` is the name of an adapter in files of a model that is still adapted. */
const tensorName = /^(?:base_model\.model\.)?(.+)\.lora_([AB])(?:\.default)?\.weight$/;
const MAX_RANK = 4096;
/** Values of all adapters together: 1 GiB in float32. */
const MAX_VALUES = 2 ** 28;

/**
 * Reads a folder in PEFT's layout of LoRA adapters: `adapter_config.json` and `adapter_model.safetensors`. A scaled rank
 * (`use_rslora`) is taken into `alpha`.
 *
 * @param files the opened folder
 * @throws CheckpointError for other adapters than plain LoRA of linear layers (DoRA, trained biases, ranks that differ,
 *   transposed layers), for matrices that don't have the config's rank or have no partner, for any other tensor, and for
 *   more than 1 GiB of adapters
 */
export async function readAdapter(files: ModelFiles): Promise<LowRankAdapters> {
  const config = await files.readJson(configName);
  if (config === undefined) {
    throw refused(files.name, `no ${configName}`, 'pass the folder that PEFT saved, with both of its files');
  }
  checkKind(config);
  const rank = config.integer('r', { maximum: MAX_RANK });
  const alpha = config.number('lora_alpha', { minimum: -1e6, maximum: 1e6 });
  if (rank === undefined || alpha === undefined) {
    throw refused(config.name, "no 'r' and 'lora_alpha'", 'pass the folder that PEFT saved');
  }
  const pairs = pairsOf(files, rank);
  const modules = new Map<string, AdapterMatrices>();
  const read = async (entry: TensorEntry) => ({ data: await files.readFloat32(entry), shape: entry.shape });
  for (const [module, { A, B }] of pairs) modules.set(module, { down: await read(A), up: await read(B) });
  // alpha / sqrt(rank) instead of alpha / rank.
  return { rank, alpha: config.flag('use_rslora') === true ? alpha * Math.sqrt(rank) : alpha, modules };
}

function checkKind(config: ModelConfig): void {
  const isEmpty = (value: unknown) => typeof value !== 'object' || value === null || Object.keys(value).length === 0;
  const bias = config.text('bias') ?? 'none';
  const type = config.text('peft_type') ?? 'LORA';
  const found =
    type !== 'LORA'
      ? `adapters of type ${type}`
      : config.flag('use_dora') === true
        ? 'adapters with magnitudes (DoRA)'
        : config.flag('fan_in_fan_out') === true
          ? 'adapters of transposed layers'
          : bias !== 'none'
            ? `trained biases ('${bias}')`
            : !isEmpty(config.values.rank_pattern) || !isEmpty(config.values.alpha_pattern)
              ? 'ranks or factors that differ between modules'
              : undefined;
  if (found === undefined) return;
  throw refused(config.name, found, 'merge them with PEFT (merge_and_unload), and pass the merged model');
}

interface Pair {
  A: TensorEntry;
  B: TensorEntry;
}

/** The two matrices of every module; their shapes are checked before any of them is read. */
function pairsOf({ checkpoint }: ModelFiles, rank: number): Map<string, Pair> {
  const pairs = new Map<string, Partial<Pair>>();
  let values = 0;
  const fix = 'pass the folder that PEFT saved';
  const [unusable] = checkpoint.unusable;
  if (unusable !== undefined) throw refused(checkpoint.name, `tensor '${unusable[0]}' ${unusable[1]}`, fix);
  for (const [name, entry] of checkpoint.tensors) {
    const [, module, letter] = tensorName.exec(name) ?? [];
    if (module === undefined) throw refused(checkpoint.name, `tensor '${name}', which is not of a LoRA adapter`, fix);
    const [rows, columns] = entry.shape;
    if (entry.shape.length !== 2 || (letter === 'A' ? rows : columns) !== rank) {
      throw refused(checkpoint.name, `tensor '${name}' of shape [${entry.shape.join(',')}] for rank ${rank}`, fix);
    }
    values += rows * columns;
    if (values > MAX_VALUES) throw refused(checkpoint.name, `adapters of more than ${MAX_VALUES} values`, fix);
    const pair = pairs.get(module) ?? {};
    pairs.set(module, pair);
    if (pair[letter as 'A' | 'B'] !== undefined) throw refused(checkpoint.name, `two tensors '${name}'`, fix);
    pair[letter as 'A' | 'B'] = entry;
  }
  for (const [module, pair] of pairs) {
    if (pair.A === undefined || pair.B === undefined) {
      throw refused(checkpoint.name, `only one of the two matrices of '${module}'`, fix);
    }
  }
  return pairs as Map<string, Pair>;
}

function refused(name: string, found: string, fix: string): CheckpointError {
  return new CheckpointError({ asked: `adapters of ${name}`, found, fix });
}
