// Interpolation is linear: the product of the output and its gradient is that of the input and its own.
import { OptionError } from '@hearken/core';
import type { GraphBuilder, Value } from '@hearken/onnx';
import { expect, it } from 'vitest';
import { dot, gradientsOf } from '../support/gradients-of.js';

const shape = [2, 3, 4, 5];

type Attributes = Readonly<Record<string, string | number | bigint>>;

function resized(attributes: Attributes, scales?: readonly number[]) {
  return (graph: GraphBuilder, [x]: readonly Value[]) => {
    const size = scales === undefined ? [undefined, graph.integers([2, 3, 7, 3])] : [graph.constant(scales)];
    return graph.node('Resize', [x, undefined, ...size], { attributes });
  };
}

it.each<Attributes>([
  { mode: 'nearest' },
  { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
  { mode: 'nearest', nearest_mode: 'round_prefer_ceil' },
  { mode: 'linear', coordinate_transformation_mode: 'pytorch_half_pixel' },
  { mode: 'linear', antialias: 1n },
  { mode: 'linear', antialias: 1n, exclude_outside: 1n },
  { mode: 'cubic' },
  { mode: 'cubic', coordinate_transformation_mode: 'align_corners', cubic_coeff_a: -0.5 },
  { mode: 'cubic', antialias: 1n, exclude_outside: 1n },
])('transposes $mode', async (attributes) => {
  const { inputs, output, upstream, gradients } = await gradientsOf([shape], [2, 3, 7, 3], resized(attributes));
  expect(gradients[0].shape).toEqual(shape);
  expect(dot(inputs[0], gradients[0])).toBeCloseTo(dot(output, upstream), 4);
});

it.each(['nearest', 'linear'])('transposes %s by scales, also where no size changes', async (mode) => {
  for (const { scales, sizes } of [
    { scales: [1, 1, 1.6, 0.7], sizes: [2, 3, 6, 3] },
    { scales: [1, 1, 1.2, 1], sizes: shape },
  ]) {
    const { inputs, output, upstream, gradients } = await gradientsOf([shape], sizes, resized({ mode }, scales));
    expect(dot(inputs[0], gradients[0])).toBeCloseTo(dot(output, upstream), 4);
  }
});

it('refuses regions, and axes too long for a matrix', async () => {
  const region = gradientsOf([shape], [2, 3, 7, 3], resized({ coordinate_transformation_mode: 'tf_crop_and_resize' }));
  await expect(region).rejects.toThrow(OptionError);
  await expect(region).rejects.toThrow(/node 'Resize_.*tf_crop_and_resize.*crop by Slice/);
  const long = gradientsOf([[1, 1, 6000]], [1, 1, 3000], (graph, [x]) =>
    graph.node('Resize', [x, undefined, graph.constant([1, 1, 0.5])], { attributes: { mode: 'linear' } }),
  );
  await expect(long).rejects.toThrow(/an axis resized from 6000 to 3000.*shorter axes/);
});
