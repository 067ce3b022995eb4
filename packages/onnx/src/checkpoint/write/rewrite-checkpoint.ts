import { CheckpointError } from '@hearken/core';
import type { ByteSource } from '../byte-source.js';
import type { Checkpoint } from '../checkpoint.js';
import type { ModelFiles } from '../model-files.js';
import { isKind, isPickleDict, type PickleDict, type PickleValue } from '../pickle-values.js';
import { placeTensors } from '../torch-state-dicts.js';
import type { SelectedWeights } from '../weight-sets.js';
import { rewriteSafetensors } from './rewrite-safetensors.js';
import { tensorContents, torchTensor } from './tensor-contents.js';
import { inPlaceOf, readTorchValue } from './torch-value.js';
import { writeTorchCheckpoint } from './write-torch.js';
import type { CheckpointChanges, WrittenFile } from './written-file.js';

/**
 * Writes a checkpoint again with other weights: the same layout, nesting, order and names, everything else in the file as
 * it was, and the bytes of every other tensor unchanged. Tensors that are given are stored as they are given, float32 or
 * int64, also where the original has float16, bfloat16 or float64: no precision of training is lost, and the file may
 * become larger. Weights on a GPU are said to lie in memory (`cpu`).
 *
 * @param files must be read again while the parts are; writing to another file is up to the caller
 * @returns one file; for safetensors in several files those, and their index
 * @throws CheckpointError for a PyTorch checkpoint in several files; for a tensor that is to be removed but is not
 *   there, or cannot be; for a value of another shape than its data
 */
export async function rewriteCheckpoint(files: ModelFiles, changes: CheckpointChanges): Promise<WrittenFile[]> {
  const { checkpoint } = files;
  const known = (name: string) => checkpoint.tensors.has(name) || checkpoint.unusable.has(name);
  const missing = changes.remove?.find((name) => !known(name));
  if (missing !== undefined) {
    throw refused(checkpoint, `no tensor '${missing}' to be left out`, 'name tensors as they are in the file');
  }
  if (checkpoint.format === 'safetensors') return rewriteSafetensors(files, changes);
  const value = await readTorchFile(files);
  changeTensors(value, checkpoint, changes);
  return [{ name: torchFileName(files), parts: writeTorchCheckpoint(value) }];
}

/**
 * The whole value of a PyTorch checkpoint, to be written again; see `readTorchValue`.
 *
 * @throws CheckpointError for another format, or several files
 */
export async function readTorchFile(files: ModelFiles): Promise<PickleValue> {
  const { checkpoint, name, size } = files;
  const locations = new Set([...checkpoint.tensors.values()].map(({ location }) => location));
  if (checkpoint.format !== 'torch' || locations.size > 1) {
    const found = locations.size > 1 ? `a checkpoint in ${locations.size} files` : 'a safetensors file';
    throw refused(checkpoint, found, 'pass a checkpoint in one file, as torch.save writes it');
  }
  const [location] = locations;
  const source: ByteSource = {
    name,
    size,
    read: (offset, byteLength) => files.readBytes({ location, offset, byteLength }),
    close: () => Promise.resolve(),
  };
  return readTorchValue(source);
}

/** Changes tensors inside a value that `readTorchFile` gave. */
function changeTensors(
  value: PickleValue,
  checkpoint: Checkpoint,
  { tensors = new Map(), remove = [] }: CheckpointChanges,
): void {
  const places = placeTensors(value, checkpoint.name);
  for (const [name, values] of tensors) {
    const written = torchTensor(tensorContents(name, values));
    const place = places.get(name);
    if (place === undefined) addMember(value, checkpoint, name, written);
    else {
      const { tensor, container, key } = place;
      const placed = isKind(tensor, 'tensor') ? inPlaceOf(tensor, written) : written;
      if (isPickleDict(container)) container.set(key, placed);
      else container[Number(key)] = placed;
    }
  }
  for (const name of remove) {
    const place = places.get(name);
    if (place === undefined || !isPickleDict(place.container)) {
      throw refused(checkpoint, `tensor '${name}' in a list`, 'only members of dicts can be left out');
    }
    place.container.delete(place.key);
  }
}

function addMember(root: PickleValue, checkpoint: Checkpoint, name: string, tensor: PickleValue): void {
  let [dict, rest] = [root, name];
  for (;;) {
    if (!isPickleDict(dict)) {
      const found = `no dict for a new tensor '${name}'`;
      throw refused(checkpoint, found, 'save its state dict, with torch.save(model.state_dict(), file)');
    }
    const inside = longestPrefix(dict, rest);
    if (inside === undefined) break;
    rest = rest.slice(inside.length + 1);
    dict = dict.get(inside) ?? null;
  }
  dict.set(rest, tensor);
}

/** The longest key of a dict with a dict, followed by a dot, that a name begins with. */
function longestPrefix(dict: PickleDict, name: string): string | undefined {
  let longest: string | undefined;
  for (const [key, member] of dict) {
    if (typeof key !== 'string' || !isPickleDict(member) || !name.startsWith(`${key}.`)) continue;
    if (longest === undefined || key.length > longest.length) longest = key;
  }
  return longest;
}

/**
 * The name in the file of a tensor of a part of it: `model_state_dict.hubert_ecg.encoder.layer_norm.bias` of
 * `encoder.layer_norm.bias`. Training graphs name weights by the part.
 *
 * @param selected a part of `checkpoint`, from `selectWeights`
 * @throws CheckpointError if the part has no such tensor
 */
export function nameInFile(checkpoint: Checkpoint, selected: SelectedWeights, name: string): string {
  const whole = selected.prefix + name;
  const entry = selected.tensors.get(name);
  if (entry !== undefined) {
    const isSame = (other: string) => {
      const found = checkpoint.tensors.get(other);
      return found?.offset === entry.offset && found.location === entry.location;
    };
    // Wrappers inside a name, such as `_orig_mod`, are not in the part's names.
    const found = isSame(whole) ? whole : [...checkpoint.tensors.keys()].find(isSame);
    if (found !== undefined) return found;
  }
  throw refused(checkpoint, `no tensor '${name}' in the model`, 'give tensors by the names of the training graph');
}

/** PyTorch files have any name; without one of theirs, the name that Hugging Face's libraries look for. */
function torchFileName({ name }: ModelFiles): string {
  const last = name.replace(/^.*[\\/]/, '');
  return /\.(pt|pth|bin|ckpt)$/i.test(last) ? last : 'pytorch_model.bin';
}

function refused(checkpoint: Checkpoint, found: string, fix: string): CheckpointError {
  return new CheckpointError({ asked: `to write ${checkpoint.name} again`, found, fix });
}
