import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

/**
 * Writes a safetensors checkpoint with random weights; speed does not depend on the values.
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
  // All tensors differ: the runtime stores equal ones only once, and the model would then fit into the processor's cache.
  let state = 1;
  for (const { name, shape } of tensors) {
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    const scale = shape.length > 1 ? Math.sqrt(shape[0] / size) : 0.02;
    const one = name.includes('running_var') || /norm\d?[^.]*\.weight$/.test(name) ? 1 : 0;
    // A fast generator, which makes 300 million values in seconds.
    const values = new Float32Array(size);
    for (let index = 0; index < size; index += 1) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      values[index] = one + scale * (state / 2 ** 31) * (one === 1 ? 0 : 1);
    }
    if (!file.write(new Uint8Array(values.buffer))) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}
