import { CheckpointError, didYouMean } from '@hearken/core';
import type { Checkpoint } from '../checkpoint.js';
import type { ModelFiles } from '../model-files.js';
import { requireTensor } from '../read-tensor.js';
import type { AdapterMatrices, AdapterMatrix, LowRankAdapters } from './adapter.js';

/**
 * The weights of adapted layers with their adapters in them: W + (alpha / rank) B A (Hu et al. 2021, arXiv 2106.09685,
 * section 4.1), summed in float64 and stored as float32. `rewriteCheckpoint` writes them into the checkpoint.
 *
 * @param files the checkpoint that the adapters were trained on; its tensors may have a prefix
 * @returns by their names in the checkpoint
 * @throws CheckpointError for a module that the checkpoint does not have, or of which it has several, and for a weight of
 *   other sizes than the adapter's, before any of them is read
 */
export async function mergeAdapter(
  files: ModelFiles,
  { rank, alpha, modules }: LowRankAdapters,
): Promise<Map<string, AdapterMatrix>> {
  const { checkpoint } = files;
  const found = [...modules].map(([module, matrices]) => {
    const name = weightOf(checkpoint, module);
    const shape = [matrices.up.shape[0], matrices.down.shape[1]];
    const entry = requireTensor(checkpoint, name, {
      shape,
      dataTypes: ['float32', 'float16', 'bfloat16', 'float64'],
      need: `the adapter of '${module}'`,
      fix: 'pass the checkpoint that the adapters were trained on',
    });
    return { entry, matrices };
  });
  const merged = new Map<string, AdapterMatrix>();
  for (const { entry, matrices } of found) {
    const weight = await files.readFloat32(entry);
    merged.set(entry.name, { data: sum(weight, matrices, alpha / rank), shape: entry.shape });
  }
  return merged;
}

/** The name of a module's weight in a checkpoint, in front of which it may have a prefix. */
function weightOf(checkpoint: Checkpoint, module: string): string {
  const name = `${module}.weight`;
  if (checkpoint.tensors.has(name)) return name;
  const longer = [...checkpoint.tensors.keys()].filter((one) => one.endsWith(`.${name}`));
  if (longer.length === 1) return longer[0];
  const asked = `an adapter of '${module}' in ${checkpoint.name}`;
  const fix = 'pass the checkpoint that the adapters were trained on';
  const names = [...checkpoint.tensors.keys()].slice(0, 5000);
  throw new CheckpointError({
    asked,
    found: longer.length === 0 ? `no tensor '${name}'` : `${longer.length} tensors that end in '${name}'`,
    fix: longer.length === 0 ? didYouMean(name, names) + fix : fix,
  });
}

/** W + factor B A; W is `[outputs, inputs]`. */
function sum(weight: Float32Array, { down, up }: AdapterMatrices, factor: number): Float32Array {
  const [rank, inputs] = down.shape;
  const merged = new Float32Array(weight.length);
  const row = new Float64Array(inputs);
  for (let output = 0; output * inputs < weight.length; output += 1) {
    row.fill(0);
    for (let inner = 0; inner < rank; inner += 1) {
      const share = up.data[output * rank + inner];
      for (let input = 0; input < inputs; input += 1) row[input] += share * down.data[inner * inputs + input];
    }
    for (let input = 0; input < inputs; input += 1) {
      const place = output * inputs + input;
      merged[place] = weight[place] + factor * row[input];
    }
  }
  return merged;
}
