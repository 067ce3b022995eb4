import { CheckpointError } from '@hearken/core';
import { checkpointPrefix } from '../graph/graph-builder.js';
import type { Checkpoint } from './checkpoint.js';
import type { ModelFiles } from './model-files.js';

/**
 * Reads the stored values of a parameter of a graph.
 *
 * @param selected the part of the checkpoint that the graph was made from
 * @param name its name in the graph, such as `checkpoint/encoder.layer_norm.weight`
 * @throws CheckpointError for one that the checkpoint does not have
 */
export function readParameter(files: ModelFiles, selected: Checkpoint, name: string): Promise<Float32Array> {
  const plain = name.startsWith(checkpointPrefix) ? name.slice(checkpointPrefix.length) : name;
  const entry = selected.tensors.get(plain);
  if (entry !== undefined) return files.readFloat32(entry);
  throw new CheckpointError({
    asked: `the values of '${name}'`,
    found: `no tensor '${plain}' in ${selected.name}`,
    fix: "name a parameter of the network of this checkpoint, or take a new head's values from where it was made",
  });
}
