import type { ExampleForm, TrainableModel } from '@hearken/core';
import { GraphBuilder, layerNorm, linear, relu, type Value } from '@hearken/onnx';
import { listParameters } from '../../src/index.js';
import { Random } from '@hearken/metrics';
import type { Examples } from '../../src/index.js';

const width = 8;
export const toyForm: ExampleForm = { samples: 6, shape: [6] };

/** A network of three blocks with made-up weights, without files. */
export function toyModel(): TrainableModel {
  const random = new Random(7);
  const values = new Map<string, Float32Array>();
  /** By the names in the graph. */
  const stored = new Map<string, Float32Array>();
  const draw = (name: string, shape: readonly number[], deviation = 0.5) => {
    const size = shape.reduce((product, one) => product * one, 1);
    const known = values.get(name) ?? Float32Array.from({ length: size }, () => deviation * random.normal());
    values.set(name, known);
    return known;
  };
  const build = (outputs: number, dropout: number | undefined) => {
    const graph = new GraphBuilder('toy');
    const weight = (name: string, shape: readonly number[]) => {
      const value = graph.constant(draw(name, shape), shape, name);
      stored.set(value.name, draw(name, shape));
      return value;
    };
    let hidden: Value = graph.input('example', ['n', 6]);
    hidden = linear(graph, hidden, weight('stem.weight', [width, 6]), weight('stem.bias', [width]));
    for (let block = 0; block < 3; block += 1) {
      const name = `layers.${block}`;
      const query = weight(`${name}.query.weight`, [width, width]);
      const inner = relu(graph, linear(graph, hidden, query, weight(`${name}.query.bias`, [width])));
      hidden = graph.node('Add', [hidden, inner]);
    }
    const norm = { scale: weight('norm.weight', [width]), bias: weight('norm.bias', [width]) };
    hidden = layerNorm(graph, hidden, norm, 1e-6);
    if (dropout !== undefined) hidden = graph.node('Mul', [hidden, graph.input('mask', ['n', width])]);
    const head = [graph.input('head.weight', [outputs, width]), graph.input('head.bias', [outputs])] as const;
    graph.output('logits', linear(graph, hidden, ...head), ['n', outputs]);
    return graph.build();
  };
  return {
    sampleRate: 100,
    channels: 1,
    provenance: { plugin: 'toy', pluginVersion: '1.0.0', model: 'toy', checkpointSha256: null, options: {} },
    form: () => toyForm,
    prepare: ({ data }) => Promise.resolve(data),
    network: ({ outputs, dropout }) => ({
      model: build(outputs, dropout?.head),
      input: 'example',
      head: [
        { name: 'head.weight', shape: [outputs, width], initial: { deviation: 0.1 } },
        { name: 'head.bias', shape: [outputs], initial: { value: 0 } },
      ],
      ...(dropout?.head === undefined
        ? {}
        : { dropout: [{ name: 'mask', shape: ['n', width], probability: dropout.head }] }),
    }),
    readParameter: (name) => Promise.resolve(stored.get(name)!),
    save: () => Promise.reject(new Error('no layout')),
    dispose: () => Promise.resolve(),
  };
}

/** Names of the toy network's own parameters. */
export function toyParameters(): string[] {
  return listParameters(toyModel().network({ outputs: 3, form: toyForm }).model).map(({ name }) => name);
}

/** Rows whose class is the sign of two of their values: 4 classes. */
export function toyExamples(count: number, seed: number, windows = 1): Examples & { readonly labels: number[] } {
  const random = new Random(seed);
  const rows = Array.from({ length: count }, () => Float32Array.from({ length: 6 * windows }, () => random.normal()));
  const labels = rows.map((row) => (row[0] > 0 ? 2 : 0) + (row[1] > 0 ? 1 : 0));
  return {
    count,
    size: 6 * windows,
    outputs: 4,
    labels,
    gather(order, start, end, examples, targets) {
      for (let place = start; place < end; place += 1) {
        examples.set(rows[order[place]], (place - start) * 6 * windows);
        for (let label = 0; label < 4; label += 1) {
          targets[(place - start) * 4 + label] = labels[order[place]] === label ? 1 : 0;
        }
      }
    },
  };
}

/** Share of rows whose largest logit is that of their label. */
export function accuracy(logits: Float32Array, labels: readonly number[]): number {
  const outputs = logits.length / labels.length;
  const right = labels.filter((label, row) => {
    const own = logits.subarray(row * outputs, (row + 1) * outputs);
    return own.indexOf(Math.max(...own)) === label;
  });
  return right.length / labels.length;
}

export const randomOf = (seed: number) => new Random(seed);
