import { integerOf, integersOf, textOf } from '../graph/attributes.js';
import type { OperatorNode } from '../graph/contracts.js';
import { checkFits, nodeError, required } from './shapes.js';

/** Settings of a convolution or pooling along its spatial axes. */
export interface WindowShape {
  /** Sizes of the input's spatial axes. */
  readonly input: readonly number[];
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Zeros before and after each axis. */
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** Reads the settings that convolutions and pooling have in common. */
export function windowShape(node: OperatorNode, kernelOf?: readonly number[]): WindowShape {
  const { shape } = required(node, 0);
  const input = shape.slice(2);
  const kernel = integersOf(node, 'kernel_shape') ?? [...(kernelOf ?? [])];
  checkFits(node, input.length > 0 && kernel.length === input.length);
  const ones = input.map(() => 1);
  const [strides, dilations] = [integersOf(node, 'strides') ?? ones, integersOf(node, 'dilations') ?? ones];
  const automatic = textOf(node, 'auto_pad', 'NOTSET');
  if (automatic === 'VALID' || automatic === 'NOTSET') {
    const pads = integersOf(node, 'pads') ?? input.flatMap(() => [0, 0]);
    return { input, kernel, strides, dilations, before: pads.slice(0, input.length), after: pads.slice(input.length) };
  }
  // As many outputs as strides; what is odd goes to the end (SAME_UPPER) or to the begin (SAME_LOWER).
  const totals = input.map((size, axis) => {
    const outputs = Math.ceil(size / strides[axis]);
    return Math.max((outputs - 1) * strides[axis] + extent(kernel[axis], dilations[axis]) - size, 0);
  });
  const [less, more] = [totals.map((total) => Math.floor(total / 2)), totals.map((total) => Math.ceil(total / 2))];
  const isUpper = automatic === 'SAME_UPPER';
  return { input, kernel, strides, dilations, before: isUpper ? less : more, after: isUpper ? more : less };
}

/** How many positions a dilated kernel spans. */
export function extent(kernel: number, dilation: number): number {
  return (kernel - 1) * dilation + 1;
}

/** Number of windows along each axis. */
export function windowCounts(node: OperatorNode, window: WindowShape): number[] {
  const roundsUp = integerOf(node, 'ceil_mode', 0) !== 0;
  return window.input.map((size, axis) => {
    const { kernel, strides, dilations, before, after } = window;
    const room = size + before[axis] + after[axis] - extent(kernel[axis], dilations[axis]);
    if (room < 0) throw nodeError(node, `${size} values along an axis, fewer than its kernel`, 'use longer inputs');
    if (!roundsUp) return Math.floor(room / strides[axis]) + 1;
    const count = Math.ceil(room / strides[axis]) + 1;
    // A window must begin inside the input or in the padding before it.
    return (count - 1) * strides[axis] >= size + before[axis] ? count - 1 : count;
  });
}

/** Settings as attributes of a node. */
export function windowAttributes({ kernel, strides, dilations, before, after }: WindowShape) {
  return {
    kernel_shape: kernel.map(BigInt),
    strides: strides.map(BigInt),
    dilations: dilations.map(BigInt),
    pads: [...before, ...after].map(BigInt),
  };
}
