import { CheckpointError } from '@hearken/core';
import type { CheckpointDataType } from './data-types.js';
import type { PickleValue } from './pickle-values.js';

/** Location of one tensor in a checkpoint file, where it is stored raw, little-endian, row-major and without gaps. */
export interface TensorEntry {
  /** The tensor's name in the checkpoint. */
  readonly name: string;
  /** Type of its elements. */
  readonly dataType: CheckpointDataType;
  /** The sizes of the dimensions; empty for a scalar. */
  readonly shape: readonly number[];
  /** The absolute byte offset of the first element in the file. */
  readonly offset: number;
  /** Size of the whole tensor in bytes. */
  readonly byteLength: number;
  /** The file that contains it, relative to a folder known elsewhere; see `openModelFiles`. Absent: the opened file. */
  readonly location?: string;
}

/** The contents of a checkpoint file's header. No weights have been read. */
export interface Checkpoint {
  /** A PyTorch zip (`torch`) or a `.safetensors` file. */
  readonly format: 'torch' | 'safetensors';
  /** The file's name in errors. */
  readonly name: string;
  /**
   * Every tensor by name, in the file's order. In a PyTorch file, a tensor of a plain state dict has its own name; a
   * nested one has the keys that lead to it as prefix, joined by dots: `model.blocks.0.weight`,
   * `optimizer.state.0.exp_avg`. See {@link selectStateDict}.
   */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** Tensors in the file that can't be used in place, with the reason: `has type complex64, ...`. */
  readonly unusable: ReadonlyMap<string, string>;
  /** The whole pickled object as plain data, or the `__metadata__` of safetensors as a dict. See {@link lookUp}. */
  readonly metadata: PickleValue;
}

/**
 * The part of a checkpoint that is one state dict, with tensors named as in the model.
 *
 * Training scripts save the model under various keys (`model`, `state_dict`, `model_state_dict`), next to an optimizer
 * that has tensors too; some also wrap the model, so that all names share a prefix (`module.`). This takes the first of
 * `candidates` under which the file has any tensors and removes `candidate.` from the names; the candidate `''` is the
 * whole file. Then each of `wrappers` that all remaining names begin with is removed.
 *
 * @example
 * selectStateDict(checkpoint, ['model', 'state_dict', ''], ['module.'])
 *
 * @throws CheckpointError if the file has no tensors under any candidate.
 */
export function selectStateDict(
  checkpoint: Checkpoint,
  candidates: readonly string[],
  wrappers: readonly string[] = [],
): Checkpoint {
  const names = [...checkpoint.tensors.keys(), ...checkpoint.unusable.keys()];
  const prefixes = candidates.map((candidate) => (candidate === '' ? '' : `${candidate}.`));
  const root = prefixes.find((prefix) => names.some((name) => name.startsWith(prefix)));
  if (root === undefined) {
    const roots = [...new Set(names.map((name) => name.split('.', 1)[0]))].slice(0, 8);
    throw new CheckpointError({
      asked: checkpoint.name,
      found: `no state dict under ${quoted(candidates)}; its tensors are under ${quoted(roots)}`,
      fix: "pass the model's published checkpoint",
    });
  }
  const chosen = names.filter((name) => name.startsWith(root));
  let start: string = root;
  for (const wrapper of wrappers) {
    if (chosen.every((name) => name.startsWith(wrapper, start.length))) start += wrapper;
  }
  return below(checkpoint, start);
}

/** The tensors whose names begin with `start`, which is removed from the names. */
function below(checkpoint: Checkpoint, start: string): Checkpoint {
  const named = <T>(all: ReadonlyMap<string, T>): [string, T][] =>
    [...all].filter(([name]) => name.startsWith(start)).map(([name, value]) => [name.slice(start.length), value]);
  return {
    ...checkpoint,
    tensors: new Map(named(checkpoint.tensors).map(([name, entry]) => [name, { ...entry, name }])),
    unusable: new Map(named(checkpoint.unusable)),
  };
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
