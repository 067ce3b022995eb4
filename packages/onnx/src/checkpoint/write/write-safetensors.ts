import { CheckpointError } from '@hearken/core';
import { type CheckpointDataType, countElements } from '../data-types.js';
import { MAX_HEADER_BYTES } from '../safetensors.js';
import { checkedBytes, sizeInBytes, type TensorContents } from './tensor-contents.js';

const typeNames: Readonly<Record<CheckpointDataType, string>> = {
  float64: 'F64',
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
  int64: 'I64',
  int32: 'I32',
  int16: 'I16',
  int8: 'I8',
  uint8: 'U8',
  bool: 'BOOL',
};

/**
 * Writes a `.safetensors` file: its header, padded with spaces to a multiple of 8 bytes as the format's own library
 * does, then the tensors. They come in the order of the map, and the same map gives the same bytes; the library itself
 * sorts by type and name, so that no tensor begins in the middle of its elements: give tensors of one type, or wide types
 * first. Any number of tensors whose header stays below 100 MB, the format's limit; the data may have any size.
 *
 * @param metadata texts for `__metadata__`; Hugging Face's libraries need `{ format: 'pt' }` to load a model
 * @returns the file part by part; one tensor at a time is in memory
 * @throws CheckpointError before the first part, for a header over 100 MB, no tensors, a tensor named `__metadata__`, or
 *   an impossible shape; with the part of a tensor whose bytes are not as many as its shape and type make
 */
export async function* writeSafetensors(
  tensors: ReadonlyMap<string, TensorContents>,
  metadata: Readonly<Record<string, string>> = {},
): AsyncGenerator<Uint8Array> {
  yield headerOf(tensors, metadata);
  for (const [name, tensor] of tensors) {
    const bytes = await checkedBytes(name, tensor.bytes, sizeInBytes(tensor));
    if (bytes.length > 0) yield bytes;
  }
}

function headerOf(
  tensors: ReadonlyMap<string, TensorContents>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  if (tensors.size === 0) throw refused('no tensors', 'give it the tensors of the model');
  if (tensors.has('__metadata__')) throw refused("a tensor named '__metadata__'", 'give the tensor another name');
  // Not an object: it would put names that are numbers first.
  const members = Object.keys(metadata).length === 0 ? [] : [`"__metadata__":${JSON.stringify(metadata)}`];
  let offset = 0;
  for (const [name, tensor] of tensors) {
    const { dataType, shape } = tensor;
    if (countElements(shape) === undefined) {
      throw refused(`tensor '${name}' of shape [${shape.join(',')}]`, 'give it whole sizes from 0');
    }
    const end = offset + sizeInBytes(tensor);
    const entry = { dtype: typeNames[dataType], shape, data_offsets: [offset, end] };
    members.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
    offset = end;
  }
  const json = new TextEncoder().encode(`{${members.join(',')}}`);
  const length = Math.ceil(json.length / 8) * 8;
  if (length > MAX_HEADER_BYTES) {
    throw refused(`a header of ${length} bytes, over the format's 100 MB`, 'write fewer tensors or shorter names');
  }
  const header = new Uint8Array(8 + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(json, 8);
  return header;
}

function refused(found: string, fix: string): CheckpointError {
  return new CheckpointError({ asked: 'to write a safetensors file', found, fix });
}
