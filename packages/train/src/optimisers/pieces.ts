import type { Tensor } from '@hearken/onnx';

/** Elements that an optimiser updates at once: what it reads and writes then stays in a core's cache. */
const pieceElements = 1 << 16;

/** Cuts a range of elements into pieces. */
export function* piecesOf(start: number, end: number): Generator<readonly [start: number, end: number]> {
  for (let from = start; from < end; from += pieceElements) yield [from, Math.min(end, from + pieceElements)];
}

/** A part of an array, `[n]`. */
export function piece(data: Float32Array, start: number, end: number): Tensor {
  return { data: data.subarray(start, end), shape: [end - start] };
}

export function scalar(value: number): Tensor {
  return { data: Float32Array.of(value), shape: [] };
}
