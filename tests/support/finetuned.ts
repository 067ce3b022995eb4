import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SavedFile, TrainedWeights } from '@hearken/core';
import { type ModelFiles, type Tensor } from '@hearken/onnx';
import { createNodeSession } from '@hearken/onnx/node';
import { expect } from 'vitest';
import { deviation } from './training-fixtures.js';

/** The largest deviation of logits of a loaded checkpoint. */
export const logitLimit = 1e-4;

/** Writes the files of a saved model, each in one piece. */
export async function saveInto(folder: string, files: readonly SavedFile[]): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const { name, parts } of files) await writeFile(join(folder, name), Buffer.concat(parts));
  return folder;
}

/** A tensor of a checkpoint: floats as float32, whole numbers as the floats that training has of them. */
export async function valuesOf(files: ModelFiles, name: string): Promise<Float32Array> {
  const entry = files.checkpoint.tensors.get(name)!;
  if (entry.dataType !== 'int64') return files.readFloat32(entry);
  const bytes = Uint8Array.from(await files.readBytes(entry));
  return Float32Array.from(new BigInt64Array(bytes.buffer), Number);
}

/** What was trained, from a checkpoint of the same layout: its tensors under their names in the graph. */
export async function trainedFrom(
  files: ModelFiles,
  nameInGraph: (name: string) => string | undefined,
  labels: Pick<TrainedWeights, 'labels' | 'kind'>,
): Promise<TrainedWeights> {
  const tensors = new Map<string, Float32Array>();
  for (const name of files.checkpoint.tensors.keys()) {
    const inGraph = nameInGraph(name);
    if (inGraph !== undefined) tensors.set(inGraph, await valuesOf(files, name));
  }
  return { tensors, ...labels };
}

/**
 * Expects the same tensors as in another checkpoint: names, order, types, shapes and values.
 *
 * @param isCompared leaves out what cannot be known, such as an optimizer's state
 */
export async function expectSameTensors(
  found: ModelFiles,
  expected: ModelFiles,
  isCompared: (name: string) => boolean = () => true,
): Promise<void> {
  const described = ({ checkpoint }: ModelFiles) =>
    [...checkpoint.tensors.values()]
      .filter(({ name }) => isCompared(name))
      .map(({ name, dataType, shape }) => `${name} ${dataType} [${shape.join(',')}]`);
  expect(described(found)).toEqual(described(expected));
  for (const name of expected.checkpoint.tensors.keys()) {
    if (isCompared(name)) expect([name, await valuesOf(found, name)]).toEqual([name, await valuesOf(expected, name)]);
  }
}

/** The logits of a graph, with the weights of these files. */
export async function expectLogits(
  model: Uint8Array,
  files: ModelFiles,
  inputs: Readonly<Record<string, Tensor>>,
  expected: readonly (readonly number[])[],
  limit = logitLimit,
): Promise<void> {
  const session = await createNodeSession(model, { threads: 1, external: files.external });
  try {
    const { logits } = await session.run(inputs, ['logits']);
    expect(deviation(logits.data as Float32Array, expected.flat())).toBeLessThan(limit);
  } finally {
    await session.dispose();
  }
}

/** A tensor of a checkpoint with its shape. */
export async function tensorOf(files: ModelFiles, name: string): Promise<Tensor> {
  const { shape } = files.checkpoint.tensors.get(name)!;
  return { data: await valuesOf(files, name), shape };
}

/** Rows from `first` on, `count` of them. */
export function rangeFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
