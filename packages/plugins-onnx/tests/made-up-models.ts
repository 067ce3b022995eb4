import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { concat, type Dimension, GraphBuilder, mean, multiply, relu, reshape, type Value } from '@hearken/onnx';

export interface MadeUp {
  readonly input?: readonly Dimension[];
  readonly names?: { readonly input: string; readonly output: string };
  /** Shape that the output claims; default `[n, 3]`. */
  readonly output?: readonly Dimension[];
}

/** Three numbers a signal: its mean square, mean positive part, and mean difference from sample to sample. */
export function madeUpModel({ input = ['n', 'samples'], names, output = ['n', 3] }: MadeUp = {}): Uint8Array {
  const graph = new GraphBuilder('made-up');
  const signal = graph.input(names?.input ?? 'waveform', input);
  const flat = input.length === 1 ? reshape(graph, signal, [1, -1]) : reshape(graph, signal, [0, -1]);
  const later = graph.node('Slice', [flat, graph.integers([1]), graph.integers([2 ** 30]), graph.integers([1])]);
  const sooner = graph.node('Slice', [flat, graph.integers([0]), graph.integers([-1]), graph.integers([1])]);
  const difference = graph.node('Sub', [later, sooner]);
  const parts = [multiply(graph, flat, flat), relu(graph, flat), multiply(graph, difference, difference)];
  const row = (value: Value) => mean(graph, value, [1], true);
  graph.output(names?.output ?? 'embedding', concat(graph, parts.map(row), 1), output);
  return graph.build();
}

/** A folder for the tests of a file, and a function that writes files into it and gives their paths. */
export function modelFolder(): (name: string, bytes: Uint8Array) => Promise<string> {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hearken-onnx-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return async (name, bytes) => {
    const path = join(folder, name);
    await writeFile(path, bytes);
    return path;
  };
}
