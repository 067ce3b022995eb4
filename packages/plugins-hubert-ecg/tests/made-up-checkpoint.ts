import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixture } from './fixture.js';

/** Tensors by name: float32, row-major. */
export type Tensors = Map<string, { shape: number[]; data: Float32Array }>;

/** The tensors of the portable fixture's safetensors file. */
export function fixtureTensors(): Tensors {
  const bytes = readFileSync(fixture('hf/model.safetensors'));
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, start)) as Record<
    string,
    { shape: number[]; data_offsets: [number, number] }
  >;
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
  return new Map(
    entries.map(
      ([
        name,
        {
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        const data = new Float32Array(new Uint8Array(bytes.subarray(start + from, start + to)).buffer);
        return [name, { shape, data }];
      },
    ),
  );
}

export function fixtureConfig(): Record<string, unknown> {
  return JSON.parse(readFileSync(fixture('hf/config.json'), 'utf8')) as Record<string, unknown>;
}

/** Writes a Hugging Face folder and runs `body` with its path. */
export async function withModel(
  tensors: Tensors,
  config: Readonly<Record<string, unknown>> | undefined,
  body: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hearken-hubert-'));
  try {
    writeFileSync(join(folder, 'model.safetensors'), safetensors(tensors));
    if (config !== undefined) writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function safetensors(tensors: Tensors): Uint8Array {
  const header: Record<string, unknown> = {};
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const parts = [...tensors.values()].map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  return Buffer.concat([length, text, ...parts]);
}
