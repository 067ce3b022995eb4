import { CheckpointError } from '@hearken/core';
import type { CheckpointDataType } from './data-types.js';
import type { PickleValue } from './pickle-values.js';

/** Where one tensor lies in a checkpoint file: raw, little-endian, row-major, without gaps. */
export interface TensorEntry {
  /** The tensor's name in the checkpoint. */
  readonly name: string;
  /** Type of its elements. */
  readonly dataType: CheckpointDataType;
  /** The sizes of the dimensions; empty for a scalar. */
  readonly shape: readonly number[];
  /** The absolute byte offset of the first element in the file. */
  readonly offset: number;
  /** Bytes of the whole tensor. */
  readonly byteLength: number;
  /** The file it lies in, relative to a folder that is named elsewhere; see `openModelFiles`. Absent: the file opened. */
  readonly location?: string;
}

/** What the header of a checkpoint file says. No weight has been read. */
export interface Checkpoint {
  /** A PyTorch zip (`torch`) or a `.safetensors` file. */
  readonly format: 'torch' | 'safetensors';
  /** The file, as errors name it. */
  readonly name: string;
  /**
   * Every tensor by its name, in the file's order. In a PyTorch file a tensor of a plain state dict has its own name;
   * one that lies deeper has the keys that lead to it in front, joined by dots: `model.blocks.0.weight`,
   * `optimizer.state.0.exp_avg`. See {@link selectStateDict}.
   */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** Tensors that are in the file but cannot be used in place, with the reason: `has type complex64, ...`. */
  readonly unusable: ReadonlyMap<string, string>;
  /** The whole pickled object, inert, or the `__metadata__` of safetensors as a dict. See {@link lookUp}. */
  readonly metadata: PickleValue;
}

/**
 * The part of a checkpoint that is one state dict, its tensors named as the model names them.
 *
 * Training scripts save the model under a key of their own choice (`model`, `state_dict`, `model_state_dict`), next to
 * an optimizer that has tensors too; and some wrap the model, so that all its names begin alike (`module.`).
 * Of `candidates`, the first under which the file has any tensor is taken, and `candidate.` is removed from the names;
 * the candidate `''` is the whole file. Then each of `wrappers` that every remaining name begins with is removed.
 *
 * @example
 * selectStateDict(checkpoint, ['model', 'state_dict', ''], ['module.'])
 *
 * @throws CheckpointError when the file has no tensor under any candidate.
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
      found: `no state dict under ${quoted(candidates)}; its tensors lie under ${quoted(roots)}`,
      fix: 'pass the checkpoint that the model was published with',
    });
  }
  const chosen = names.filter((name) => name.startsWith(root));
  let start: string = root;
  for (const wrapper of wrappers) {
    if (chosen.every((name) => name.startsWith(wrapper, start.length))) start += wrapper;
  }
  return below(checkpoint, start);
}

/** The tensors whose names begin with `start`, named without it. */
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
