import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HearkenError, OptionError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { add, createNodeSession, GraphBuilder, multiply, type NodeOptions, relu } from '../src/node.js';

const three = (...data: number[]) => ({ data: Float32Array.from(data), shape: [3] });

describe('graph builder', () => {
  it('builds a graph that runs, with a value that is both an output and an input of another node', async () => {
    const graph = new GraphBuilder('small');
    const input = graph.input('x', ['n']);
    const doubled = multiply(graph, input, graph.constant(2));
    graph.output('doubled', doubled, ['n']);
    graph.output('positive', relu(graph, add(graph, doubled, graph.constant([1, 1, 1]))), ['n']);
    // The same value under two names, and an input handed through.
    graph.output('again', doubled, ['n']);
    graph.output('same', input, ['n']);
    const session = await createNodeSession(graph.build());
    const result = await session.run({ x: three(-2, 0, 3) });
    const values = Object.fromEntries(Object.entries(result).map(([name, { data }]) => [name, [...data]]));
    expect(values).toEqual({ doubled: [-4, 0, 6], positive: [0, 1, 7], again: [-4, 0, 6], same: [-2, 0, 3] });
    await session.dispose();
    await session.dispose();
  });

  it('refuses a number where an operator has an integer', () => {
    const graph = new GraphBuilder('integers');
    const input = graph.input('x', ['n', 3]);
    const node = (attributes: NodeOptions['attributes']) => () => graph.node('Gather', [input], { attributes });
    expect(node({ axis: 1 })).toThrow("attribute 'axis' of Gather is an integer, but 1 is a float: write 1n");
    expect(node({ perm: [1, 0] })).toThrow("attribute 'perm' of Gather is an integer, but 1 is a float: write 1n");
    expect(node({ axis: 1n, perm: [1n, 0n], alpha: 1, scales: [1, 2] })).not.toThrow();
  });

  it('writes into the tensors that it is given', async () => {
    const graph = new GraphBuilder('into');
    graph.output('y', relu(graph, graph.input('x', [3])), [3]);
    const session = await createNodeSession(graph.build());
    const y = three(9, 9, 9);
    await session.run({ x: three(-1, 2, 3) }, { y });
    expect([...y.data]).toEqual([0, 2, 3]);
    await session.dispose();
  });

  it('takes external tensors from their place in a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hearken-'));
    try {
      writeFileSync(join(folder, 'weights.bin'), Buffer.from(Float32Array.of(7, 7, 10, 20, 30, 7).buffer));
      const graph = new GraphBuilder('external', 'weights.bin');
      const weight = { name: 'w', dataType: 'float32' as const, shape: [3], offset: 8, byteLength: 12 };
      // Asked for twice, it is one initializer.
      const sum = add(graph, graph.external(weight), graph.external(weight));
      graph.output('y', add(graph, graph.input('x', [3]), sum), [3]);
      const session = await createNodeSession(graph.build(), { external: { folder } });
      const { y } = await session.run({ x: three(1, 2, 3) });
      expect([...y.data]).toEqual([21, 42, 63]);
      await session.dispose();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('refuses constants whose values and shape disagree', () => {
    expect(() => new GraphBuilder('bad').constant([1, 2, 3], [2, 2])).toThrow(/\[2,2\].*3 values/);
  });

  it('is the same to the byte every time', () => {
    const build = () => {
      const graph = new GraphBuilder('twice');
      graph.output('y', relu(graph, graph.input('x', ['n'])), ['n']);
      return graph.build();
    };
    expect(build()).toEqual(build());
  });
});

describe('sessions', () => {
  it('name the backend and the thread count', async () => {
    const graph = new GraphBuilder('backend');
    graph.output('y', relu(graph, graph.input('x', ['n'])), ['n']);
    const session = await createNodeSession(graph.build(), { threads: 1, graphOptimization: 'disabled' });
    expect(session.backend).toMatch(/^onnxruntime-node \S+ cpu, 1 thread$/);
    await session.dispose();
  });

  it('refuse a bad graph, a bad thread count and an unknown provider', async () => {
    await expect(createNodeSession(Uint8Array.of(1, 2, 3))).rejects.toThrow(HearkenError);
    await expect(createNodeSession(Uint8Array.of(1, 2, 3))).rejects.toThrow(
      /the graph or its weights are broken: fix the graph if it is yours/,
    );
    await expect(createNodeSession(Uint8Array.of(1), { threads: 0 })).rejects.toThrow(OptionError);
    await expect(createNodeSession(Uint8Array.of(1), { executionProvider: 'wasm' })).rejects.toThrow(
      /'wasm'.*onnxruntime-node has .*cpu/,
    );
  });
});
