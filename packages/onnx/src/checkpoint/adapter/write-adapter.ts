import { CheckpointError } from '@hearken/core';
import { tensorContents, type TensorContents } from '../write/tensor-contents.js';
import { textParts } from '../write/text-parts.js';
import { writeSafetensors } from '../write/write-safetensors.js';
import type { WrittenFile } from '../write/written-file.js';
import { configName, type LowRankAdapters, modulePrefix, weightsName } from './adapter.js';

/**
 * Writes adapters as PEFT does: `adapter_config.json`, and `adapter_model.safetensors` with
 * `base_model.model.<module>.lora_A.weight` `[rank, inputs]` and `lora_B.weight` `[outputs, rank]`, float32. The config
 * names the modules in full, so that PEFT adapts these and no others; a head is not in it.
 *
 * @throws CheckpointError without adapters, and for matrices that don't have the rank
 */
export function writeAdapter({ rank, alpha, modules }: LowRankAdapters): WrittenFile[] {
  const tensors = new Map<string, TensorContents>();
  for (const [module, { down, up }] of modules) {
    if (down.shape.length !== 2 || up.shape.length !== 2 || down.shape[0] !== rank || up.shape[1] !== rank) {
      throw new CheckpointError({
        asked: `to write an adapter of rank ${rank} for '${module}'`,
        found: `matrices [${down.shape.join(',')}] and [${up.shape.join(',')}]`,
        fix: 'pass A as [rank, inputs] and B as [outputs, rank]',
      });
    }
    const place = `${modulePrefix}${module}`;
    tensors.set(`${place}.lora_A.weight`, tensorContents(`${module}.lora_A.weight`, down));
    tensors.set(`${place}.lora_B.weight`, tensorContents(`${module}.lora_B.weight`, up));
  }
  const config = {
    peft_type: 'LORA',
    base_model_name_or_path: null,
    r: rank,
    lora_alpha: alpha,
    lora_dropout: 0,
    bias: 'none',
    target_modules: [...modules.keys()],
    fan_in_fan_out: false,
    inference_mode: true,
    task_type: null,
  };
  return [
    { name: configName, parts: textParts(`${JSON.stringify(config, null, 2)}\n`) },
    { name: weightsName, parts: writeSafetensors(tensors, { format: 'pt' }) },
  ];
}
