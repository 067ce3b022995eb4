// Equations beyond those of the random graphs.
import { matmul } from '@hearken/onnx';
import { OptionError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { deviation } from '../../../../tests/support/training-fixtures.js';
import { dot, gradientsOf } from '../support/gradients-of.js';

const differentiated = (equation: string, shapes: readonly (readonly number[])[], output: readonly number[]) =>
  gradientsOf(shapes, output, (graph, inputs) => graph.node('Einsum', inputs, { attributes: { equation } }));

it('has the gradients of a matrix product', async () => {
  const shapes = [
    [2, 3, 4],
    [2, 4, 5],
  ];
  const found = await differentiated('bij,bjk->bik', shapes, [2, 3, 5]);
  const expected = await gradientsOf(shapes, [2, 3, 5], (graph, [left, right]) => matmul(graph, left, right));
  found.gradients.forEach(({ data, shape }, index) => {
    expect(shape).toEqual(shapes[index]);
    expect(deviation(data as Float32Array, expected.gradients[index].data as Float32Array)).toBeLessThan(1e-6);
  });
});

// Linear in each operand, so the product of an operand and its gradient is that of the output and its own.
it.each([
  {
    equation: 'ij,jk',
    shapes: [
      [3, 4],
      [4, 5],
    ],
    output: [3, 5],
  },
  { equation: 'ba,c', shapes: [[3, 4], [2]], output: [4, 3, 2] },
  {
    equation: 'bi , ij , bj -> b',
    shapes: [
      [2, 3],
      [3, 4],
      [2, 4],
    ],
    output: [2],
  },
  {
    equation: 'bqhd,bkhd->bhqk',
    shapes: [
      [2, 4, 3, 5],
      [2, 6, 3, 5],
    ],
    output: [2, 3, 4, 6],
  },
  { equation: 'i,i->', shapes: [[5], [5]], output: [] },
  { equation: 'ij,k->i', shapes: [[3, 4], [5]], output: [3] },
  { equation: 'ij->', shapes: [[3, 4]], output: [] },
  {
    equation: 'ij,jk->ik',
    shapes: [
      [3, 1],
      [4, 5],
    ],
    output: [3, 5],
  },
  {
    equation: 'i...,j...->ij...',
    shapes: [
      [3, 2, 4],
      [5, 2, 4],
    ],
    output: [3, 5, 2, 4],
  },
])('differentiates $equation', async ({ equation, shapes, output }) => {
  const found = await differentiated(equation, shapes, output);
  expect(found.output.shape).toEqual(output);
  const whole = dot(found.output, found.upstream);
  found.inputs.forEach((input, index) => {
    expect(found.gradients[index].shape).toEqual(shapes[index]);
    expect(dot(input, found.gradients[index])).toBeCloseTo(whole, 4);
  });
});

describe('refuses', () => {
  it.each([
    ['a diagonal', 'ii->i', [[3, 3]], [3], /takes a diagonal.*GatherElements/],
    ['another number of operands', 'ij,jk->ik', [[3, 3]], [3, 3], /of 1 operands/],
    ['what is no equation', 'i1->i', [[3, 3]], [3], /equation 'i1->i'/],
    ['an output letter without operand', 'ij->ik', [[3, 3]], [3, 3], /as an operand does/],
    [
      'sizes that differ',
      'ij,jk->ik',
      [
        [3, 2],
        [3, 4],
      ],
      [3, 4],
      /don't fit together/,
    ],
    ['a letter too many', 'ijk->i', [[3, 2]], [3], /don't fit together/],
  ])('%s', async (_, equation, shapes, output, message) => {
    const act = differentiated(equation, shapes, output);
    await expect(act).rejects.toThrow(OptionError);
    await expect(act).rejects.toThrow(/node 'Einsum_0' \(Einsum\)/);
    await expect(act).rejects.toThrow(message);
  });
});
