import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

/**
 * Writes a checkpoint with made-up weights, as safetensors: speed does not depend on the values.
 *
 * @param {string} path
 * @param {{ name: string, shape: readonly number[] }[]} tensors
 */
export async function writeRandomWeights(path, tensors) {
  const header = {};
  let offset = 0;
  for (const { name, shape } of tensors) {
    const bytes = 4 * shape.reduce((product, size) => product * size, 1);
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + bytes] };
    offset += bytes;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const file = createWriteStream(path);
  file.write(length);
  file.write(text);
  for (const { name, shape } of tensors) {
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    const scale = shape.length > 1 ? Math.sqrt((2 * shape[0]) / size) : 0.1;
    const values = Float32Array.from({ length: size }, (_, index) =>
      name.includes('running_var') ? 1 : scale * Math.sin(12.9898 * (index + size)),
    );
    if (!file.write(new Uint8Array(values.buffer))) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}
