import { CheckpointError } from '@hearken/core';
import type { Checkpoint, TensorEntry } from './checkpoint.js';

/** The part of a checkpoint that is one model. */
export interface SelectedWeights extends Checkpoint {
  /** The prefix of its tensors' names, including the last dot: `state_dict.net.`, or empty. */
  readonly prefix: string;
  /** Which set of weights was chosen; absent if the file has only one. */
  readonly chosen?: string;
}

/** More than any training script saves; each costs a pass over all names. */
export const MOST_SETS = 32;

/**
 * What PyTorch adds to the names of wrapped modules: DistributedDataParallel, compile, FSDP, checkpointing, DeepSpeed.
 */
export const wrappers: ReadonlySet<string> = new Set([
  'module',
  '_orig_mod',
  '_fsdp_wrapped_module',
  '_checkpoint_wrapped_module',
  '_forward_module',
]);

/** Every prefix with which all landmarks exist, in the file's order. */
export function modelPrefixes(checkpoint: Checkpoint, landmarks: readonly string[]): string[] {
  const found = landmarks.map((landmark) => {
    const prefixes = new Set<string>();
    for (const name of allNames(checkpoint)) {
      const prefix = prefixOf(name, landmark);
      if (prefix !== undefined) prefixes.add(prefix);
    }
    return prefixes;
  });
  const [first, ...others] = found;
  return [...first].filter((prefix) => others.every((prefixes) => prefixes.has(prefix)));
}

/** The prefix of a landmark, which may have wrappers between its parts. */
function prefixOf(name: string, landmark: string): string | undefined {
  const tail = landmark.slice(landmark.lastIndexOf('.') + 1);
  // Most names are ruled out by their last part, before anything is split.
  if (!name.endsWith(tail)) return undefined;
  const parts = name.split('.');
  const wanted = landmark.split('.');
  let at = parts.length - 1;
  for (let index = wanted.length - 1; index >= 0; index -= 1) {
    while (index < wanted.length - 1 && at >= 0 && parts[at] !== wanted[index] && wrappers.has(parts[at])) at -= 1;
    if (at < 0 || parts[at] !== wanted[index]) return undefined;
    at -= 1;
  }
  return parts
    .slice(0, at + 1)
    .map((part) => `${part}.`)
    .join('');
}

function allNames(checkpoint: Checkpoint): string[] {
  return [...checkpoint.tensors.keys(), ...checkpoint.unusable.keys()];
}

/**
 * The tensors whose names begin with `prefix`, with the prefix and wrappers removed.
 *
 * @param prefixes of all sets: tensors of a set inside this one are left out
 */
export function below(checkpoint: Checkpoint, prefix: string, prefixes: readonly string[]): SelectedWeights {
  const inner = prefixes.filter((other) => other.length > prefix.length && other.startsWith(prefix));
  const isOwn = (name: string) => name.startsWith(prefix) && !inner.some((other) => name.startsWith(other));
  const tensors = new Map<string, TensorEntry>();
  const unusable = new Map<string, string>();
  const named = (name: string): string => {
    const plain = unwrapped(name.slice(prefix.length));
    if (!tensors.has(plain) && !unusable.has(plain)) return plain;
    throw new CheckpointError({
      asked: checkpoint.name,
      found: `two tensors that mean '${plain}' under '${prefix}', one of them inside a wrapper`,
      fix: 'save the state dict of the model without its wrapper: model.module.state_dict()',
    });
  };
  for (const [name, entry] of checkpoint.tensors) {
    if (!isOwn(name)) continue;
    const plain = named(name);
    tensors.set(plain, { ...entry, name: plain });
  }
  for (const [name, reason] of checkpoint.unusable) {
    if (isOwn(name)) unusable.set(named(name), reason);
  }
  return { ...checkpoint, tensors, unusable, prefix };
}

function unwrapped(name: string): string {
  if (!/(?:^|\.)(?:module|_)/.test(name)) return name;
  return name
    .split('.')
    .filter((part) => !wrappers.has(part))
    .join('.');
}

/**
 * The sets without those whose tensors also belong to another set, such as an encoder that is also saved separately; of
 * equal sets, the one with the shortest prefix stays.
 */
export function distinctSets(sets: readonly SelectedWeights[]): SelectedWeights[] {
  const depth = ({ prefix }: SelectedWeights) => prefix.split('.').length;
  const ordered = sets
    .map((set, index) => ({ set, index }))
    .sort((left, right) => right.set.tensors.size - left.set.tensors.size || depth(left.set) - depth(right.set));
  const distinct: typeof ordered = [];
  for (const one of ordered) if (!distinct.some(({ set }) => isWithin(one.set, set))) distinct.push(one);
  return distinct.sort((left, right) => left.index - right.index).map(({ set }) => set);
}

function isWithin(set: Checkpoint, other: Checkpoint): boolean {
  if (set.unusable.size > 0) return false;
  return [...set.tensors.values()].every(({ name, offset, location }) => {
    const same = other.tensors.get(name);
    return same?.offset === offset && same.location === location;
  });
}
