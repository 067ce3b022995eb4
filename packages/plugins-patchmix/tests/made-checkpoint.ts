import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface MadeModel {
  readonly width?: number;
  readonly layers?: number;
  /** Patches that the checkpoint has positions for. */
  readonly patches: number;
  readonly classes?: number;
  /** In front of every tensor's name. */
  readonly prefix?: string;
}

/** Names and shapes of the authors' releases (`audioset_10_10_0.4593.pth` and others). */
export function originalTensors({ width = 24, layers = 2, patches, classes = 7, prefix = 'module.' }: MadeModel) {
  const tensors: Record<string, readonly number[]> = {
    'v.cls_token': [1, 1, width],
    'v.dist_token': [1, 1, width],
    'v.pos_embed': [1, patches + 2, width],
    'v.patch_embed.proj.weight': [width, 1, 16, 16],
    'v.patch_embed.proj.bias': [width],
    'v.norm.weight': [width],
    'v.norm.bias': [width],
    'mlp_head.0.weight': [width],
    'mlp_head.0.bias': [width],
    'mlp_head.1.weight': [classes, width],
    'mlp_head.1.bias': [classes],
    // A head of the vision transformer that AST starts from; nothing reads it.
    'v.head.weight': [5, width],
  };
  const linear = (name: string, outputs: number, inputs: number) => {
    tensors[`${name}.weight`] = [outputs, inputs];
    tensors[`${name}.bias`] = [outputs];
  };
  for (let layer = 0; layer < layers; layer += 1) {
    const block = `v.blocks.${layer}`;
    for (const norm of ['norm1', 'norm2']) {
      tensors[`${block}.${norm}.weight`] = [width];
      tensors[`${block}.${norm}.bias`] = [width];
    }
    linear(`${block}.attn.qkv`, 3 * width, width);
    linear(`${block}.attn.proj`, width, width);
    linear(`${block}.mlp.fc1`, 2 * width, width);
    linear(`${block}.mlp.fc2`, width, 2 * width);
  }
  return Object.fromEntries(Object.entries(tensors).map(([name, shape]) => [prefix + name, shape]));
}

/** Writes tensors with made-up values as safetensors; null leaves one of them out. */
export function writeTensors(
  path: string,
  tensors: Readonly<Record<string, readonly number[]>>,
  changes: Readonly<Record<string, readonly number[] | null>> = {},
): void {
  const header: Record<string, unknown> = {};
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, shape] of Object.entries({ ...tensors, ...changes })) {
    if (shape === null) continue;
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
    const isNorm = /norm\d?\.weight$|head\.0\.weight$/.test(name);
    for (let index = 0; index < values.length; index += 1) {
      values[index] = (isNorm ? 1 : 0) + 0.2 * Math.sin(12.9898 * (index + offset + 1));
    }
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
    parts.push(new Uint8Array(values.buffer));
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(new BigUint64Array([BigInt(text.length)]).buffer);
  writeFileSync(path, Buffer.concat([length, text, ...parts]));
}

/** Runs `body` with a folder of its own, and the path of a file in it. */
export async function withFile(name: string, body: (path: string, folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hearken-'));
  try {
    await body(join(folder, name), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
