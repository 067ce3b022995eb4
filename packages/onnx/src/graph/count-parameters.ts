import { CheckpointError } from '@hearken/core';
import { protobufMessage, type ProtobufMessage } from '@hearken/core/internal';
import { bytesSource } from './bytes-source.js';
import { checkpointPrefix } from './graph-builder.js';

/** ONNX's numbers of floating-point types: 32, 16, 64 and brain 16 bits. */
const floatingPoint: ReadonlySet<number> = new Set([1, 10, 11, 16]);

interface Initializer {
  name: string;
  elements: number;
  isFloatingPoint: boolean;
}

/**
 * How many weights a serialised model has: the number of elements of those tensors in its main graph that come from a
 * checkpoint. Front ends and shapes are constants; a graph made by other tools does not distinguish them, so all of its
 * floating-point tensors count. Scales of quantised weights don't count.
 */
export function countParameters(model: Uint8Array): number {
  const found: Initializer[] = [];
  const refuse = (found: string) =>
    new CheckpointError({
      asked: 'the number of parameters of an ONNX model',
      found: `not an ONNX model, or a truncated one (${found})`,
      fix: 'pass an ONNX model',
    });
  protobufMessage(bytesSource(model), refuse).eachField({
    messages: {
      7: (graph) => {
        graph.eachField({ messages: { 5: (tensor) => found.push(initializerOf(tensor)) } });
      },
    },
  });
  const own = found.filter(({ name }) => name.startsWith(checkpointPrefix));
  const counted = own.length > 0 ? own : found.filter(({ isFloatingPoint }) => isFloatingPoint);
  const weights = counted.filter(({ name }) => !name.endsWith('.scales'));
  return weights.reduce((sum, { elements }) => sum + elements, 0);
}

function initializerOf(tensor: ProtobufMessage): Initializer {
  const found: Initializer = { name: '', elements: 1, isFloatingPoint: false };
  const times = (size: number) => (found.elements *= Math.max(size, 0));
  tensor.eachField({
    messages: {
      1: (dimensions) => {
        dimensions.eachNumber(times);
      },
      8: (name) => (found.name = name.name()),
    },
    numbers: { 1: times, 2: (type) => (found.isFloatingPoint = floatingPoint.has(type)) },
  });
  return found;
}
