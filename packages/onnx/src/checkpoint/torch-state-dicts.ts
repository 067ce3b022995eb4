import { CheckpointError } from '@hearken/core';
import { isKind, type PickleDict, type PickleRecord, type PickleTensor, type PickleValue } from './pickle-values.js';

/** What a pickled checkpoint has under a name: a tensor, or a description of one that is not supported. */
export type NamedTensor = PickleTensor | PickleRecord;

// A pickle may refer to one dict from many places, so that few bytes expand to endless paths: all of this is bounded.
const MAX_DEPTH = 64;
const MAX_VISITS = 4_000_000;
const MAX_TENSORS = 200_000;
const MAX_NAME_LENGTH = 4096;

/**
 * Every tensor in nested dicts and lists, by the keys that lead to it, joined by dots. A module that was pickled as a
 * whole gets the same names as in its `state_dict()`. Keys that are neither text nor integers, and the attributes of
 * other recorded objects, are not followed.
 *
 * @throws CheckpointError if two tensors have the same name, or the nesting is excessive.
 */
export function collectTensors(root: PickleValue, fileName: string): Map<string, NamedTensor> {
  return new Map([...placeTensors(root, fileName)].map(([name, { tensor }]) => [name, tensor]));
}

/** A tensor, and the dict or list that contains it under a key. */
export interface PlacedTensor {
  readonly tensor: NamedTensor;
  readonly container: PickleDict | PickleValue[];
  readonly key: string | number | bigint;
}

/** As {@link collectTensors}, with the place of each tensor. */
export function placeTensors(root: PickleValue, fileName: string): Map<string, PlacedTensor> {
  const found = new Map<string, PlacedTensor>();
  // Last in, first out; children are added in reverse, so that tensors come out in the file's order.
  const pending: (Child & { path: string; depth: number })[] = [
    { value: root, container: [], key: 0, path: '', depth: 0 },
  ];
  let visits = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, container, key, path, depth } = next;
    if (isNamedTensor(value) && depth > 0) {
      if (found.has(path)) throw refused(fileName, `two tensors have the name '${path}'`);
      if (found.size >= MAX_TENSORS) throw refused(fileName, `it has more than ${MAX_TENSORS} tensors`);
      found.set(path, { tensor: value, container, key });
      continue;
    }
    const children = childrenOf(value);
    visits += children.length;
    if (visits > MAX_VISITS || depth > MAX_DEPTH)
      throw refused(fileName, 'its dicts are nested too deeply or too often');
    for (const child of children.reverse()) {
      if (typeof child.value !== 'object' || child.value === null) continue;
      const childPath = depth === 0 ? String(child.key) : `${path}.${child.key}`;
      if (childPath.length > MAX_NAME_LENGTH) throw refused(fileName, 'a tensor has an excessively long name');
      pending.push({
        value: child.value,
        container: child.container,
        key: child.key,
        path: childPath,
        depth: depth + 1,
      });
    }
  }
  return found;
}

function isNamedTensor(value: PickleValue): value is NamedTensor {
  if (isKind(value, 'tensor')) return true;
  return (
    isKind(value, 'record') &&
    /^(torch\._utils|torch\._tensor)$/.test(value.module) &&
    value.name.startsWith('_rebuild_')
  );
}

/** The attributes of `torch.nn.Module` that make up its state dict. */
const moduleParts = ['_parameters', '_buffers', '_modules'] as const;

function isModule(value: PickleValue): value is PickleRecord & { readonly state: PickleDict } {
  if (!isKind(value, 'record') || !(value.state instanceof Map)) return false;
  const { state } = value;
  return moduleParts.every((part) => state.get(part) instanceof Map);
}

interface Child extends Omit<PlacedTensor, 'tensor'> {
  readonly value: PickleValue;
}

function childrenOf(container: PickleValue): Child[] {
  if (Array.isArray(container)) return container.map((value, key) => ({ value, container, key }));
  if (isModule(container)) return moduleParts.flatMap((part) => childrenOf(container.state.get(part) ?? null));
  const dict = container instanceof Map ? container : isKind(container, 'record') ? container.entries : undefined;
  if (dict === undefined) return [];
  const children: Child[] = [];
  for (const [key, value] of dict) {
    if (typeof key === 'string' || typeof key === 'number' || typeof key === 'bigint') {
      children.push({ value, container: dict, key });
    }
  }
  return children;
}

function refused(fileName: string, found: string): CheckpointError {
  return new CheckpointError({
    asked: fileName,
    found,
    fix: 'save only the tensors, with torch.save(model.state_dict(), file)',
  });
}
