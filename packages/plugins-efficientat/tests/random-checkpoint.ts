import { writeFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishedTensors } from '../src/index.js';

export interface TensorChange {
  readonly shape?: readonly number[];
  readonly dataType?: 'F32' | 'F16' | 'I64';
}

/**
 * Writes a checkpoint with made-up weights in a model's published layout, as safetensors.
 *
 * @param changes what to change of a tensor, null to leave it out
 */
export function writeRandomCheckpoint(
  path: string,
  model: string,
  changes: Readonly<Record<string, TensorChange | null>> = {},
): void {
  const header: Record<string, unknown> = {};
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const { name, shape: published } of publishedTensors(model)) {
    const change = changes[name];
    if (change === null) continue;
    const shape = change?.shape ?? published;
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    const itemSize = { F32: 4, F16: 2, I64: 8 }[change?.dataType ?? 'F32'];
    const values = new Float32Array(size);
    const scale = Math.sqrt(shape.length > 1 ? (2 * shape[0]) / size : 0.1);
    for (let index = 0; index < size; index += 1) {
      values[index] = name.endsWith('running_var') ? 1 : scale * Math.sin(12.9898 * (index + offset + 1));
    }
    const bytes = itemSize === 4 ? new Uint8Array(values.buffer) : new Uint8Array(size * itemSize);
    header[name] = { dtype: change?.dataType ?? 'F32', shape, data_offsets: [offset, offset + bytes.length] };
    offset += bytes.length;
    parts.push(bytes);
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(new BigUint64Array([BigInt(text.length)]).buffer);
  writeFileSync(path, Buffer.concat([length, text, ...parts]));
}

/** Runs `body` with the path of a file in a folder of its own. */
export async function withFile(name: string, body: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hearken-'));
  try {
    await body(join(folder, name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
