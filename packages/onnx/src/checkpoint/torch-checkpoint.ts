import { CheckpointError } from '@hearken/core';
import type { ByteSource } from './byte-source.js';
import type { Checkpoint, TensorEntry } from './checkpoint.js';
import { refuseDangerousNames } from './pickle-policy.js';
import type { PickleVocabulary } from './pickle-machine.js';
import { isPickleObject, type PickleValue } from './pickle-values.js';
import { MAX_PICKLE_BYTES, readPickle } from './pickle.js';
import { collectTensors } from './torch-state-dicts.js';
import { TensorLocator } from './torch-tensors.js';
import { torchVocabulary } from './torch-vocabulary.js';
import { readZipEntries } from './zip-entries.js';
import type { ZipEntry } from './zip-entry.js';

const PICKLE_NAME = 'data.pkl';
const SAVE_STATE_DICT = 'save its tensors with torch.save(model.state_dict(), file) in PyTorch 1.6 or later';

/**
 * Reads the header of a PyTorch checkpoint: the zip archive that `torch.save` writes since PyTorch 1.6. It may contain
 * a state dict, or a dict with state dicts among other things. Weights are not read, and nothing that the pickle names
 * is run.
 *
 * @throws CheckpointError if the file is not such an archive, or is truncated, damaged or big-endian; if its pickle
 * uses a name that no model needs; if a tensor is outside its storage; and if it contains no tensors.
 */
export async function readTorchCheckpoint(source: ByteSource): Promise<Checkpoint> {
  const { value, storages } = await readTorchArchive(source, () => torchVocabulary);
  return { format: 'torch', name: source.name, ...locateTensors(source, value, storages), metadata: value };
}

/**
 * Reads the pickle of a PyTorch checkpoint, and where its storages are.
 *
 * @param vocabulary how to read the pickle, given the archive's entries under `data/`, by storage key
 * @throws CheckpointError as {@link readTorchCheckpoint}
 */
export async function readTorchArchive(
  source: ByteSource,
  vocabulary: (storages: ReadonlyMap<string, ZipEntry>) => PickleVocabulary,
): Promise<{ value: PickleValue; storages: ReadonlyMap<string, ZipEntry> }> {
  const entries = await readZipEntries(source);
  const pickle = findPickle(source, entries);
  const folder = pickle.name.slice(0, -PICKLE_NAME.length);
  const inFolder = new Map<string, ZipEntry>();
  for (const entry of entries) {
    if (entry.name.startsWith(folder)) inFolder.set(entry.name.slice(folder.length), entry);
  }
  await checkByteOrder(source, inFolder.get('byteorder'));

  const what = `${source.name}: ${pickle.name}`;
  if (pickle.size > MAX_PICKLE_BYTES) {
    throw refused(source, `'${pickle.name}' has ${pickle.size} bytes, more than ${MAX_PICKLE_BYTES}`, SAVE_STATE_DICT);
  }
  const storages = new Map<string, ZipEntry>();
  for (const [name, entry] of inFolder) if (name.startsWith('data/')) storages.set(name.slice(5), entry);
  const bytes = await source.read(pickle.dataOffset, pickle.size);
  const { value, usedNames } = readPickle(bytes, what, vocabulary(storages));
  refuseDangerousNames(usedNames, what);
  return { value, storages };
}

function locateTensors(
  source: ByteSource,
  value: PickleValue,
  storages: ReadonlyMap<string, ZipEntry>,
): Pick<Checkpoint, 'tensors' | 'unusable'> {
  const locator = new TensorLocator(source.name, storages);
  const tensors = new Map<string, TensorEntry>();
  const unusable = new Map<string, string>();
  for (const [name, tensor] of collectTensors(value, source.name)) {
    const located =
      tensor.kind === 'tensor'
        ? locator.locate(name, tensor)
        : tensor.name.includes('qtensor')
          ? 'is quantised to integers, which cannot be used here'
          : `is made by ${tensor.module}.${tensor.name}, which cannot be used here`;
    if (typeof located === 'string') unusable.set(name, located);
    else tensors.set(name, located);
  }
  if (tensors.size === 0 && unusable.size === 0) {
    throw refused(source, `contains no named tensors, only ${described(value)}`, SAVE_STATE_DICT);
  }
  return { tensors, unusable };
}

function findPickle(source: ByteSource, entries: readonly ZipEntry[]): ZipEntry {
  const pickles = entries.filter(({ name }) => /^([^/]+\/)?data\.pkl$/.test(name));
  if (pickles.length === 1) return pickles[0];
  throw refused(
    source,
    pickles.length === 0
      ? `is a zip archive without ${PICKLE_NAME} (it begins with '${entries[0].name}')`
      : `is a zip archive with ${pickles.length} files named ${PICKLE_NAME}`,
    'pass a checkpoint written by torch.save (.pt, .pth), or a .safetensors file',
  );
}

/** PyTorch 2.1 and later record the byte order of the weights; earlier versions always used the machine's. */
async function checkByteOrder(source: ByteSource, entry: ZipEntry | undefined): Promise<void> {
  if (entry === undefined) return;
  const text = String.fromCharCode(...(await source.read(entry.dataOffset, Math.min(entry.size, 16))));
  if (text.trim() !== 'little') {
    throw refused(source, `has byte order '${text.trim()}'`, 'save it again on a little-endian machine');
  }
}

function described(value: PickleValue): string {
  if (isPickleObject(value)) {
    return value.kind === 'record' ? `an object of class ${value.module}.${value.name}` : `a ${value.kind}`;
  }
  if (value instanceof Map) return `a dict of ${value.size} items`;
  return Array.isArray(value) ? `a list of ${value.length} items` : 'a plain value';
}

function refused(source: ByteSource, found: string, fix: string): CheckpointError {
  return new CheckpointError({ asked: source.name, found, fix });
}
