import { CheckpointError } from '@hearken/core';
import type { TensorEntry } from '../checkpoint/checkpoint.js';
import type { ModelFiles } from '../checkpoint/model-files.js';
import { rowsOf } from '../graph/weights.js';
import { emptyMatrix, quantizeOutputs, type QuantizedMatrix } from './quantize-matrix.js';
import type { ByteType, QuantizedLayout } from './quantized-layout.js';

/** How many bytes of weights to read at once. */
const chunkBytes = 4 * 1024 * 1024;

/**
 * Quantises matrices, and yields the data after the header of their file, in pieces.
 *
 * @param matrices their locations in the checkpoint, each `[outputs, inputs]`
 * @throws CheckpointError for weights that are not finite
 */
export async function* quantizedData(
  files: ModelFiles,
  matrices: readonly TensorEntry[],
  { padding }: QuantizedLayout,
  type: ByteType,
): AsyncGenerator<Uint8Array, void> {
  const scales: Float32Array[] = [];
  for (const entry of matrices) {
    const matrix = await quantized(files, entry);
    scales.push(matrix.scales);
    const weight = bytesOf(matrix.weight);
    if (type === 'uint8') addMiddle(weight);
    yield weight;
  }
  yield new Uint8Array(padding);
  // Little-endian, as all supported platforms are.
  for (const values of scales) yield bytesOf(values);
}

async function quantized(files: ModelFiles, entry: TensorEntry): Promise<QuantizedMatrix> {
  const [outputs, inputs] = entry.shape;
  const matrix = emptyMatrix(outputs, inputs);
  const step = Math.max(1, Math.floor((chunkBytes * outputs) / entry.byteLength));
  for (let first = 0; first < outputs; first += step) {
    const rows = rowsOf(entry, first, Math.min(outputs, first + step));
    if (quantizeOutputs(matrix, first, await files.readFloat32(rows), inputs)) continue;
    throw new CheckpointError({
      asked: `tensor '${entry.name}' of ${files.name} in 8 bits`,
      found: 'NaN or infinity in it',
      fix: 'download the checkpoint again, or use one whose training did not diverge',
    });
  }
  return matrix;
}

/** Makes signed bytes unsigned by adding 128. */
function addMiddle(bytes: Uint8Array): void {
  for (let index = 0; index < bytes.length; index += 1) bytes[index] ^= 0x80;
}

function bytesOf({ buffer, byteOffset, byteLength }: Int8Array | Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
