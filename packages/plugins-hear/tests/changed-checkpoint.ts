import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixture } from './fixture.js';

export interface Stored {
  dtype: string;
  shape: number[];
  bytes: Uint8Array;
}

/** The tensors of the fixture's checkpoint, to be changed. */
export function readFixture(): Map<string, Stored> {
  const file = readFileSync(fixture('model.safetensors'));
  const headerLength = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString('utf8', 8, 8 + headerLength)) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  delete header.__metadata__;
  const start = 8 + headerLength;
  return new Map(
    Object.entries(header).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => [name, { dtype, shape, bytes: file.subarray(start + from, start + to) }],
    ),
  );
}

export function writeSafetensors(path: string, tensors: ReadonlyMap<string, Stored>): void {
  const header: Record<string, unknown> = {};
  let end = 0;
  for (const [name, { dtype, shape, bytes }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [end, (end += bytes.length)] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  writeFileSync(path, Buffer.concat([length, json, ...[...tensors.values()].map(({ bytes }) => bytes)]));
}

/** The upper half of every float32: the value as bfloat16, rounded toward zero. */
export function asBfloat16({ shape, bytes }: Stored): Stored {
  const halves = new Uint16Array(new Uint8Array(bytes).buffer).filter((_, index) => index % 2 === 1);
  return { dtype: 'BF16', shape, bytes: new Uint8Array(halves.buffer) };
}

/** The same values with the lower half of every float32 zero: what {@link asBfloat16} stores. */
export function cutToBfloat16({ shape, bytes }: Stored): Stored {
  const halves = new Uint16Array(new Uint8Array(bytes).buffer).map((half, index) => (index % 2 === 1 ? half : 0));
  return { dtype: 'F32', shape, bytes: new Uint8Array(halves.buffer) };
}

/** The fixture's config with these settings changed; undefined removes one. */
export function changedConfig(changes: Record<string, unknown> = {}): string {
  const config = JSON.parse(readFileSync(fixture('config.json'), 'utf8')) as Record<string, unknown>;
  return JSON.stringify({ ...config, ...changes });
}

/** Calls `use` with a new folder that is gone afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'hearken-hear-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
