// Every form of a convolution's gradients against sums written out, for windows of all kinds.
import { GraphBuilder, multiply } from '@hearken/onnx';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deviation } from '../../../../tests/support/training-fixtures.js';
import { differentiate } from '../../src/index.js';
import { noise } from '../support/random-model.js';
import { sizeOf } from '../support/shapes.js';
import { runOnce } from '../support/run-training.js';

/** A convolution over one or two axes; all settings by axis. */
interface Convolution {
  readonly batch: number;
  readonly groups: number;
  /** Inputs and outputs of each group. */
  readonly inputs: number;
  readonly outputs: number;
  readonly sizes: readonly number[];
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const windowsOf = ({ sizes, kernel, strides, dilations, before, after }: Convolution) =>
  sizes.map((size, axis) => {
    const room = size + before[axis] + after[axis] - (kernel[axis] - 1) * dilations[axis] - 1;
    return Math.floor(room / strides[axis]) + 1;
  });

const convolutions: fc.Arbitrary<Convolution> = fc
  .integer({ min: 1, max: 2 })
  .chain((axes) => {
    const each = (min: number, max: number) => fc.array(fc.integer({ min, max }), { minLength: axes, maxLength: axes });
    return fc.record({
      batch: fc.integer({ min: 1, max: 3 }),
      groups: fc.constantFrom(1, 1, 2, 3),
      inputs: fc.constantFrom(1, 1, 2, 8),
      outputs: fc.constantFrom(1, 1, 3),
      sizes: each(1, 9),
      kernel: each(1, 4),
      strides: each(1, 3),
      dilations: each(1, 2),
      before: each(0, 4),
      after: each(0, 4),
    });
  })
  .filter((one) => windowsOf(one).every((count) => count > 0));

/** Index of each place of an array with these sizes. */
function placesOf(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (places, size) => places.flatMap((place) => Array.from({ length: size }, (_, index) => [...place, index])),
    [[]],
  );
}

const flat = (place: readonly number[], sizes: readonly number[]) =>
  place.reduce((index, one, axis) => index * sizes[axis] + one, 0);

/** What each weight meets: calls back with the indices of input, weight and output. */
function forEachTerm(one: Convolution, visit: (input: number, weight: number, output: number) => void): void {
  const { batch, groups, inputs, outputs, sizes, kernel, strides, dilations, before } = one;
  const windows = windowsOf(one);
  const [inputSizes, outputSizes] = [sizes, windows].map((list) => [0, 0, ...list]);
  [inputSizes[1], outputSizes[1]] = [groups * inputs, groups * outputs];
  for (const [clip, group, out, inner, ...rest] of placesOf([batch, groups, outputs, inputs, ...windows, ...kernel])) {
    const [window, place] = [rest.slice(0, sizes.length), rest.slice(sizes.length)];
    const read = window.map((at, axis) => at * strides[axis] + place[axis] * dilations[axis] - before[axis]);
    if (read.some((at, axis) => at < 0 || at >= sizes[axis])) continue;
    const channel = group * outputs + out;
    visit(
      flat([clip, group * inputs + inner, ...read], inputSizes),
      flat([channel, inner, ...place], [0, inputs, ...kernel]),
      flat([clip, channel, ...window], outputSizes),
    );
  }
}

async function check(one: Convolution): Promise<void> {
  const { batch, groups, inputs, outputs, sizes, kernel, strides, dilations, before, after } = one;
  const windows = windowsOf(one);
  const shapes = {
    x: [batch, groups * inputs, ...sizes],
    w: [groups * outputs, inputs, ...kernel],
    y: [batch, groups * outputs, ...windows],
  };
  const random = noise(1);
  const [x, w, y] = Object.values(shapes).map((shape) => ({ data: random(sizeOf(shape)), shape }));
  const graph = new GraphBuilder('convolution');
  const [input, weight] = [graph.input('x', shapes.x), graph.input('w', shapes.w)];
  const list = (values: readonly number[]) => values.map(BigInt);
  const attributes = { strides: list(strides), dilations: list(dilations), pads: list([...before, ...after]) };
  const convolved = graph.node('Conv', [input, weight], { attributes: { ...attributes, group: BigInt(groups) } });
  const weighted = multiply(graph, convolved, graph.constant(y.data, shapes.y));
  graph.output('loss', graph.node('ReduceSum', [weighted], { attributes: { keepdims: 0n } }), []);
  const training = differentiate(graph.build(), { loss: 'loss', parameters: ['x', 'w'] });
  const found = await runOnce(training.model, { x, w });
  const expected = { x: new Float64Array(x.data.length), w: new Float64Array(w.data.length) };
  forEachTerm(one, (at, place, window) => {
    expected.x[at] += w.data[place] * y.data[window];
    expected.w[place] += x.data[at] * y.data[window];
  });
  for (const name of ['x', 'w'] as const) {
    const { data, shape } = found[`grad/${name}`];
    expect(shape).toEqual(shapes[name]);
    const limit = expected[name].some((value) => value !== 0) ? deviation(data as Float32Array, expected[name]) : 0;
    expect(limit).toBeLessThan(1e-5);
    if (expected[name].every((value) => value === 0)) expect(Math.max(...(data as Float32Array))).toBe(0);
  }
}

it('finds the gradients of random convolutions', async () => {
  await fc.assert(fc.asyncProperty(convolutions, check), { numRuns: 150 });
});

const plain = { batch: 2, before: [1, 1], after: [1, 1], strides: [1, 1], dilations: [1, 1], kernel: [3, 3] };
const depthwise = { ...plain, groups: 3, inputs: 1, outputs: 1 };

it.each<readonly [string, Convolution]>([
  ['depthwise, with rows joined', { ...depthwise, sizes: [4, 9] }],
  ['depthwise, with long rows', { ...depthwise, sizes: [4, 203] }],
  ['depthwise, with a stride', { ...depthwise, sizes: [5, 410], strides: [2, 2] }],
  ['depthwise, with more rows than values in one', { ...depthwise, sizes: [9, 4] }],
  ['dense, by products', { ...plain, groups: 1, inputs: 8, outputs: 3, sizes: [5, 9], strides: [2, 2] }],
  ['dense, with a large kernel', { ...plain, groups: 1, inputs: 8, outputs: 3, sizes: [5, 9], kernel: [5, 5] }],
  ['padded by more than the kernel', { ...plain, groups: 1, inputs: 8, outputs: 2, sizes: [3, 3], before: [5, 5] }],
])('finds the gradients of a convolution, %s', async (_, one) => {
  await check(one);
});
