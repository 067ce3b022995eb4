import { readFileSync } from 'node:fs';

/** A float32 tensor of a safetensors file: row-major, with its shape. */
export function readSafetensor(path: string, name: string): { data: Float32Array; shape: number[] } {
  const bytes = readFileSync(path);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, start)) as Record<
    string,
    { shape: number[]; data_offsets: [number, number] }
  >;
  const { shape, data_offsets } = header[name];
  const copy = new Uint8Array(bytes.subarray(start + data_offsets[0], start + data_offsets[1]));
  return { data: new Float32Array(copy.buffer), shape };
}
