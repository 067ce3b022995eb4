import type { EmbeddedSplit } from '../../embeddings/embedded-split.js';

/**
 * Splits whose arrays are in shared memory, so that workers need no copies. Arrays that are already there are used
 * directly; a split that occurs twice is copied once.
 */
export function sharedSplits(splits: ReadonlyMap<string, EmbeddedSplit>): Map<string, EmbeddedSplit> {
  return new Map(
    [...splits].map(([name, split]) => [
      name,
      {
        ...split,
        embeddings: inSharedMemory(split.embeddings, Float32Array),
        targets: inSharedMemory(split.targets, Uint8Array),
        ...(split.values === undefined ? {} : { values: inSharedMemory(split.values, Float64Array) }),
        clipOf: inSharedMemory(split.clipOf, Uint32Array),
        ...(split.timestamps === undefined ? {} : { timestamps: inSharedMemory(split.timestamps, Float64Array) }),
      },
    ]),
  );
}

type Values = Float32Array | Float64Array | Uint8Array | Uint32Array;

function inSharedMemory<Array extends Values>(values: Array, Type: new (buffer: SharedArrayBuffer) => Array): Array {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const copy = new Type(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}
