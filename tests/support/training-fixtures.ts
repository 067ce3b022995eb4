import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import type { Tensor } from '@hearken/onnx';

const beside = fileURLToPath(new URL('../../../shared/fixtures/training', import.meta.url));

/** The fixtures of training from PyTorch: the folder beside the checkout, or another set of the same layout. */
export const trainingFixtures = process.env.HEARKEN_FIXTURES_TRAINING ?? beside;

/** Tests that need a folder of the fixtures; without it they say so, and fail with `CI=true`. */
export function describeTrainingFixtures(name: string, title: string, test: (folder: string) => void): void {
  const folder = join(trainingFixtures, name);
  describe(title, () => {
    if (existsSync(folder)) {
      test(folder);
      return;
    }
    it.skipIf(process.env.CI !== 'true')(`needs ${folder}`, () => {
      throw new Error(`${folder} is not there: set HEARKEN_FIXTURES_TRAINING, or unset CI`);
    });
  });
}

export function readJson<Content>(path: string): Content {
  return JSON.parse(readFileSync(path, 'utf8')) as Content;
}

/** All tensors of a `.safetensors` file, by name; bytes become floats. */
export function readTensors(path: string): ReadonlyMap<string, FloatTensor> {
  const file = readFileSync(path);
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString('utf8', 8, 8 + length)) as Record<string, Entry>;
  const tensors = Object.entries(header).filter(([name]) => name !== '__metadata__');
  return new Map(
    tensors.map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [start, end],
        },
      ]) => {
        const bytes = Uint8Array.from(file.subarray(8 + length + start, 8 + length + end));
        const data = dtype === 'F32' ? new Float32Array(bytes.buffer) : Float32Array.from(bytes);
        return [name, { data, shape }];
      },
    ),
  );
}

interface Entry {
  readonly dtype: string;
  readonly shape: number[];
  readonly data_offsets: readonly [number, number];
}

export interface FloatTensor extends Tensor {
  readonly data: Float32Array;
}

/** `max|found - expected| / max|expected|`, over whole tensors; of zeros, the largest absolute value. */
export function deviation(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  let [difference, largest] = [0, 0];
  for (let index = 0; index < found.length; index += 1) {
    // Not `Math.max` alone: NaN must not pass.
    const distance = Math.abs(found[index] - expected[index]);
    if (!(distance <= difference)) difference = distance;
    largest = Math.max(largest, Math.abs(expected[index]));
  }
  return largest === 0 ? difference : difference / largest;
}

/** Some rows of a tensor, in this order. */
export function rowsOf({ data, shape }: FloatTensor, rows: readonly number[]): FloatTensor {
  const size = data.length / shape[0];
  const picked = new Float32Array(rows.length * size);
  rows.forEach((row, index) => {
    picked.set(data.subarray(row * size, (row + 1) * size), index * size);
  });
  return { data: picked, shape: [rows.length, ...shape.slice(1)] };
}
