import { CheckpointError } from '@hearken/core';
import type { ByteSource } from '../byte-source.js';
import { PickleFault } from '../pickle-cursor.js';
import type { PickleVocabulary } from '../pickle-machine.js';
import {
  isKind,
  isPickleDict,
  type PickleRecord,
  type PickleStorage,
  type PickleTensor,
  type PickleValue,
} from '../pickle-values.js';
import { OrderedDict, pythonFloat, pythonTuple } from '../python-types.js';
import { readTorchArchive } from '../torch-checkpoint.js';
import { readStorage } from '../torch-storage-types.js';
import { torchVocabulary } from '../torch-vocabulary.js';
import type { ZipEntry } from '../zip-entry.js';

/**
 * Reads the whole value of a PyTorch checkpoint so that `writeTorchCheckpoint` writes the same again: tuples, ordered
 * dicts and floats keep their Python types, everything that the pickle calls or makes is a record of that, and storages
 * know where their bytes are. No weights are read, and nothing that the pickle names is run.
 *
 * @param source must stay open until the value is written
 * @throws CheckpointError as `readTorchCheckpoint`
 */
export async function readTorchValue(source: ByteSource): Promise<PickleValue> {
  const { value } = await readTorchArchive(source, (storages) => exactVocabulary(source, storages));
  return value;
}

function exactVocabulary(source: ByteSource, entries: ReadonlyMap<string, ZipEntry>): PickleVocabulary {
  // Tensors that share a storage still share it when it is written.
  const storages = new Map<string, PickleStorage>();
  return {
    apply({ module, name }, args, machine) {
      const plain = torchVocabulary.apply({ kind: 'global', module, name }, args, machine);
      if (module === 'collections' && name === 'OrderedDict') return new OrderedDict(isPickleDict(plain) ? plain : []);
      // `getattr` of a class and a name stays that name.
      if (isKind(plain, 'global')) return plain;
      const call: PickleRecord = { kind: 'record', module, name, args, state: null, isCall: true };
      return isKind(plain, 'tensor') ? { ...plain, call } : call;
    },
    resolve(id) {
      const storage = readStorage(id);
      const known = storages.get(storage.key);
      if (known !== undefined) {
        if (known.type === storage.type && known.elementCount === storage.elementCount) return known;
        throw new PickleFault(`storage '${storage.key}' is described in two ways`);
      }
      const found = { ...storage, contents: contentsOf(source, storage, entries.get(storage.key)) };
      storages.set(storage.key, found);
      return found;
    },
    tuple: (items) => pythonTuple(...items),
    float: pythonFloat,
    attributes(dict, attributes) {
      if (dict instanceof OrderedDict) dict.attributes = attributes;
    },
  };
}

function contentsOf(source: ByteSource, { key, elementCount, itemSize }: PickleStorage, entry: ZipEntry | undefined) {
  if (entry === undefined || (itemSize !== undefined && elementCount * itemSize !== entry.size)) {
    throw new CheckpointError({
      asked: source.name,
      found: `storage '${key}' of ${elementCount} elements ${entry === undefined ? 'is missing' : `has ${entry.size} bytes`}`,
      fix: 'the file is damaged or was manipulated: download it again from its authors',
    });
  }
  return { byteLength: entry.size, read: () => source.read(entry.dataOffset, entry.size) };
}

/**
 * The tensor that takes the place of another one in a value: what the pickle says of hooks and gradients stays, so that
 * a parameter stays a parameter.
 */
export function inPlaceOf(old: PickleTensor, tensor: PickleTensor): PickleTensor {
  if (old.call === undefined) return tensor;
  const { name, args } = old.call;
  const [inner] = args;
  if (isKind(inner, 'tensor')) {
    return { ...tensor, call: { ...old.call, args: [inPlaceOf(inner, tensor), ...args.slice(1)] } };
  }
  // (storage, offset, size, stride, requires_grad, hooks, ...); version 3 and later have a type of their own.
  const rest = name === '_rebuild_tensor' ? [] : args.slice(4, 6);
  const { storage, offset, shape, strides } = tensor;
  const call: PickleRecord = {
    kind: 'record',
    module: 'torch._utils',
    name: rest.length === 0 ? '_rebuild_tensor' : '_rebuild_tensor_v2',
    args: [storage, offset, pythonTuple(...shape), pythonTuple(...strides), ...rest],
    state: null,
    isCall: true,
  };
  return { ...tensor, call };
}
