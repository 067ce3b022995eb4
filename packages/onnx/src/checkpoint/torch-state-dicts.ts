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
  const found = new Map<string, NamedTensor>();
  // Last in, first out; children are added in reverse, so that tensors come out in the file's order.
  const pending: { value: PickleValue; path: string; depth: number }[] = [{ value: root, path: '', depth: 0 }];
  let visits = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, path, depth } = next;
    if (isNamedTensor(value) && depth > 0) {
      if (found.has(path)) throw refused(fileName, `two tensors have the name '${path}'`);
      if (found.size >= MAX_TENSORS) throw refused(fileName, `it has more than ${MAX_TENSORS} tensors`);
      found.set(path, value);
      continue;
    }
    const children = childrenOf(value);
    visits += children.length;
    if (visits > MAX_VISITS || depth > MAX_DEPTH)
      throw refused(fileName, 'its dicts are nested too deeply or too often');
    for (const [key, child] of children.reverse()) {
      if (typeof child !== 'object' || child === null) continue;
      const childPath = depth === 0 ? String(key) : `${path}.${key}`;
      if (childPath.length > MAX_NAME_LENGTH) throw refused(fileName, 'a tensor has an excessively long name');
      pending.push({ value: child, path: childPath, depth: depth + 1 });
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

function childrenOf(value: PickleValue): [string | number | bigint, PickleValue][] {
  if (Array.isArray(value)) return value.map((item, index) => [index, item]);
  if (isModule(value)) return moduleParts.flatMap((part) => childrenOf(value.state.get(part) ?? null));
  const dict = value instanceof Map ? value : isKind(value, 'record') ? value.entries : undefined;
  const children: [string | number | bigint, PickleValue][] = [];
  for (const [key, child] of dict ?? []) {
    if (typeof key === 'string' || typeof key === 'number' || typeof key === 'bigint') children.push([key, child]);
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
