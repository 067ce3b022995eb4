import { type Checkpoint, requireTensor, type TensorEntry, weightTypes } from '@hearken/onnx';
import type { Sizes } from './sizes.js';

const prefix = 'encoder.pos_conv_embed.conv.';

/** The names of a weight-normalised weight's magnitude and direction, in PyTorch before 2.1 and since. */
const namings = [
  ['weight_g', 'weight_v'],
  ['parametrizations.weight.original0', 'parametrizations.weight.original1'],
] as const;

/** The names of the tensors that the weight of the positional convolution consists of. */
export function positionalNames({ tensors, unusable }: Checkpoint): {
  /** Of a weight that is stored without normalisation. */
  readonly weight?: string;
  readonly magnitude: string;
  readonly direction: string;
} {
  const known = (name: string) => tensors.has(prefix + name) || unusable.has(prefix + name);
  const [magnitude, direction] = (namings.find((names) => names.some(known)) ?? namings[0]).map(
    (name) => prefix + name,
  );
  const isPlain = known('weight') && !namings.some(([, name]) => known(name));
  return { magnitude, direction, ...(isPlain ? { weight: `${prefix}weight` } : {}) };
}

/**
 * The weight of the positional convolution, `[width, width / groups, kernel]`: its direction, scaled for each of the
 * kernel's places to the magnitude stored (Salimans and Kingma 2016, arXiv 1602.07868, equation 2). A weight that is
 * stored without normalisation is used unchanged.
 *
 * @param read reads a tensor of the checkpoint
 * @throws CheckpointError if it is missing or has another shape
 */
export async function readPositionalWeight(
  encoder: Checkpoint,
  { width, positions: { kernel, groups } }: Pick<Sizes, 'width' | 'positions'>,
  read: (entry: TensorEntry) => Promise<Float32Array>,
): Promise<Float32Array> {
  const tensor = (name: string, shape: readonly number[]) =>
    read(requireTensor(encoder, name, { shape, dataTypes: weightTypes, need: `this model (${width} wide)` }));
  const shape = [width, width / groups, kernel];
  const names = positionalNames(encoder);
  if (names.weight !== undefined) return tensor(names.weight, shape);
  const magnitude = await tensor(names.magnitude, [1, 1, kernel]);
  const direction = await tensor(names.direction, shape);
  const squares = new Float64Array(kernel);
  for (let index = 0; index < direction.length; index += 1) squares[index % kernel] += direction[index] ** 2;
  const factors = squares.map((square, place) => magnitude[place] / Math.sqrt(square));
  return direction.map((value, index) => value * factors[index % kernel]);
}
