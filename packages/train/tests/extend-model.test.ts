import { CheckpointError, OptionError } from '@hearken/core';
import { add, GraphBuilder, multiply } from '@hearken/onnx';
import { describe, expect, it } from 'vitest';
import { extendModel } from '../src/index.js';
import { runOnce } from './support/run-training.js';

/** y = x + 1; the builder's names are those that an extension's builder generates too. */
function plusOne(): Uint8Array {
  const graph = new GraphBuilder('model');
  graph.output('y', add(graph, graph.input('x', [2]), graph.constant(1)), [2]);
  return graph.build();
}

describe('extendModel', () => {
  it('adds to a model of the same builder without mixing up names', async () => {
    const extended = extendModel(plusOne(), (graph) => {
      const doubled = multiply(graph, { name: 'y' }, graph.constant(2));
      graph.output('doubled', add(graph, doubled, graph.input('shift', [])), [2]);
    });
    const { y, doubled } = await runOnce(extended, {
      x: { data: Float32Array.of(3, 4), shape: [2] },
      shift: { data: Float32Array.of(0.5), shape: [] },
    });
    expect([...y.data]).toEqual([4, 5]);
    expect([...doubled.data]).toEqual([8.5, 10.5]);
  });

  it('refuses bytes that are not a model', () => {
    expect(() => extendModel(Uint8Array.of(255, 255), () => undefined)).toThrow(CheckpointError);
    expect(() => extendModel(new Uint8Array(0), () => undefined)).toThrow(
      /a model to extend.*without a graph.*pass a serialised ONNX model/s,
    );
  });

  it.each([
    ['an input', (graph: GraphBuilder) => graph.input('x', [2])],
    ['an output', (graph: GraphBuilder) => graph.output('y', graph.constant([1, 2]), [2])],
  ])('refuses %s whose name is taken', (_, build) => {
    const act = () => extendModel(plusOne(), (graph) => void build(graph));
    expect(act).toThrow(OptionError);
    expect(act).toThrow(/new input or output '[xy]'.*a value of the model.*choose another name/s);
  });

  it('refuses a value that is not there, with the nearest name', () => {
    const act = () =>
      extendModel(plusOne(), (graph) => void graph.output('z', add(graph, { name: 'Y' }, { name: 'y' }), [2]));
    expect(act).toThrow(OptionError);
    expect(act).toThrow(/value 'Y'.*no such value.*did you mean 'y'.*outputs: y/s);
  });
});
