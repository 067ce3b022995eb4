import { CheckpointError } from '@hearken/core';
import { isCheckpointDataType, itemSizes } from '../data-types.js';
import type { PickleStorage, PickleValue, StorageContents } from '../pickle-values.js';
import { MAX_PICKLE_BYTES } from '../pickle.js';
import { type StoredFile, storedZip } from './stored-zip.js';
import { checkedBytes } from './tensor-contents.js';
import { serializationId } from './serialization-id.js';
import { writePickle } from './write-pickle.js';

/** What PyTorch 2.13 writes beside the pickle and the storages; alignment in bytes. */
const before: Readonly<Record<string, string>> = {
  '.format_version': '1',
  '.storage_alignment': '64',
  byteorder: 'little',
};

/**
 * Writes a value in the zip format of `torch.save`: a pickle of protocol 2 and a file for each storage, uncompressed and
 * aligned to 64 bytes. Plain arrays are lists, Maps are dicts, whole numbers are integers; see {@link pythonTuple},
 * {@link OrderedDict} and {@link pythonFloat} for other types of Python, {@link torchTensor} for tensors and
 * {@link readTorchValue} for what is kept from another file. Records, such as a training script's arguments, are written
 * as the pickle described them: the same class with the same attributes. Storages are numbered in the order in which the
 * value has them, and lie in the computer's memory (`cpu`) whatever device they were on. The same value gives the same
 * bytes. Archives above 4 GiB are zip64, which PyTorch reads too.
 *
 * @param folder the name of the folder inside the archive, for which PyTorch takes the file's name
 * @returns the file part by part; one storage at a time is in memory
 * @throws CheckpointError before the first part, for values and names that such a pickle cannot contain, and for
 *   storages without their bytes, such as those of `checkpoint.metadata`
 */
export async function* writeTorchCheckpoint(value: PickleValue, folder = 'archive'): AsyncGenerator<Uint8Array> {
  const keys = new Map<PickleStorage, string>();
  const pickle = writePickle(value, (storage) => {
    const key = keys.get(storage) ?? String(keys.size);
    keys.set(storage, key);
    return key;
  });
  if (pickle.length > MAX_PICKLE_BYTES) {
    throw refused(`a pickle of ${pickle.length} bytes`, 'save less beside the tensors');
  }
  const storages = [...keys].map(([storage, key]) => ({ key, contents: contentsOf(storage) }));
  const file = (name: string, bytes: Uint8Array): StoredFile => ({
    name: `${folder}/${name}`,
    byteLength: bytes.length,
    read: () => Promise.resolve(bytes),
  });
  const text = (name: string, content: string) => file(name, new TextEncoder().encode(content));
  const files = [
    file('data.pkl', pickle),
    ...Object.entries(before).map(([name, content]) => text(name, content)),
    ...storages.map(({ key, contents }) => ({
      name: `${folder}/data/${key}`,
      byteLength: contents.byteLength,
      read: () => checkedBytes(`storage ${key}`, () => contents.read(), contents.byteLength),
    })),
    // Of the format: the number of PyTorch's zip files since 2019.
    text('version', '3\n'),
  ];
  const names = files.map(({ name }) => name);
  yield* storedZip(files, (checksums) => text('.data/serialization_id', serializationId(names, checksums)));
}

function contentsOf({ contents, dataType, elementCount }: PickleStorage): StorageContents {
  if (contents === undefined) {
    throw refused('a storage without its bytes', 'read the file with readTorchValue, or make tensors with torchTensor');
  }
  const expected = isCheckpointDataType(dataType) ? elementCount * itemSizes[dataType] : contents.byteLength;
  if (contents.byteLength === expected) return contents;
  throw refused(
    `a storage of ${elementCount} ${dataType} with ${contents.byteLength} bytes`,
    'give it the bytes of its elements',
  );
}

function refused(found: string, fix: string): CheckpointError {
  return new CheckpointError({ asked: 'to write a PyTorch checkpoint', found, fix });
}
