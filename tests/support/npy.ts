import { readFileSync } from 'node:fs';

/** Reads a little-endian float32 `.npy` in C order, as the fixtures are. */
export function readNpy(path: string | URL): { data: Float32Array; shape: number[] } {
  const bytes = readFileSync(path);
  const headerLength = bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, 10 + headerLength);
  if (!header.includes("'<f4'") || header.includes("'fortran_order': True"))
    throw new Error(`${String(path)}: ${header}`);
  const shape = /\(([^)]*)\)/
    .exec(header)![1]
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const values = bytes.subarray(10 + headerLength);
  return { data: new Float32Array(new Uint8Array(values).buffer), shape };
}
