import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Path of a portable fixture of HuBERT-ECG's plugin: a made-up record of 12 leads and 10 s, and its values. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../../plugins-hubert-ecg/tests/fixtures/${name}`, import.meta.url));
}

/** Runs `body` in a folder with these files, in a folder of its own. */
export async function withFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  body: (folder: string) => Promise<void>,
): Promise<void> {
  const outside = mkdtempSync(join(tmpdir(), 'hearken-ecg-'));
  const folder = join(outside, 'record');
  mkdirSync(folder);
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    await body(folder);
  } finally {
    rmSync(outside, { recursive: true, force: true });
  }
}

/** Counts, signal by signal at each time, in a WFDB storage format. */
export function encodeSamples(format: number, counts: readonly number[]): Uint8Array {
  if (format === 212) return encodePairs(counts);
  if (format === 310 || format === 311) return encodeTriples(format, counts);
  const width = { 16: 2, 24: 3, 32: 4, 61: 2, 80: 1, 160: 2 }[format] ?? 0;
  const offset = { 80: 128, 160: 32_768 }[format] ?? 0;
  return Uint8Array.from(
    counts.flatMap((count) => {
      const bytes = Array.from({ length: width }, (_, byte) => ((count + offset) >> (8 * byte)) & 255);
      return format === 61 ? bytes.reverse() : bytes;
    }),
  );
}

function encodeTriples(format: 310 | 311, counts: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  for (let index = 0; index < counts.length; index += 3) {
    const [first, second = 0, third = 0] = counts.slice(index, index + 3).map((count) => count & 1023);
    const [low, high] =
      format === 310
        ? [(first << 1) | ((third & 31) << 11), (second << 1) | ((third >> 5) << 11)]
        : [first | ((second & 63) << 10), (second >> 6) | (third << 4)];
    bytes.push(low & 255, low >> 8, high & 255, high >> 8);
  }
  return Uint8Array.from(bytes);
}

function encodePairs(counts: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  for (let index = 0; index < counts.length; index += 2) {
    const [first, second = 0] = counts.slice(index, index + 2).map((count) => count & 4095);
    bytes.push(first & 255, (first >> 8) | ((second >> 8) << 4), second & 255);
  }
  return Uint8Array.from(bytes);
}
