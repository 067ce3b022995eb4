import { BinaryReader } from '@bufbuild/protobuf/wire';
import { checkpointPrefix } from './graph-builder.js';
import { eachField } from './read-onnx-tensors.js';

/** ONNX's numbers of floating-point types: 32, 16, 64 and brain 16 bits. */
const floatingPoint: ReadonlySet<bigint> = new Set([1n, 10n, 11n, 16n]);

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
  eachField(model, {
    7: (graph) => {
      if (graph instanceof Uint8Array) eachField(graph, { 5: (tensor) => found.push(initializerOf(tensor)) });
    },
  });
  const own = found.filter(({ name }) => name.startsWith(checkpointPrefix));
  const counted = own.length > 0 ? own : found.filter(({ isFloatingPoint }) => isFloatingPoint);
  const weights = counted.filter(({ name }) => !name.endsWith('.scales'));
  return weights.reduce((sum, { elements }) => sum + elements, 0);
}

function initializerOf(tensor: Uint8Array | bigint): Initializer {
  const found: Initializer = { name: '', elements: 1, isFloatingPoint: false };
  const times = (size: bigint) => (found.elements *= size > 0n ? Number(size) : 0);
  if (!(tensor instanceof Uint8Array)) return found;
  eachField(tensor, {
    1(dimensions) {
      if (typeof dimensions === 'bigint') return times(dimensions);
      const reader = new BinaryReader(dimensions);
      while (reader.pos < reader.len) times(BigInt(reader.int64()));
    },
    2: (type) => (found.isFloatingPoint = typeof type === 'bigint' && floatingPoint.has(type)),
    8: (name) => (found.name = name instanceof Uint8Array ? new TextDecoder().decode(name.subarray(0, 4096)) : ''),
  });
  return found;
}
