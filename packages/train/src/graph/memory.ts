import type { NodeProto } from '@hearken/onnx/internal';
import type { GraphValue } from './contracts.js';
import { sizeOf } from './tensor-elements.js';

/** Bytes of an element, by type; those of types that are not listed count as 4. */
const bytesOfType: Partial<Record<GraphValue['dataType'], number>> = {
  bool: 1,
  int8: 1,
  uint8: 1,
  float16: 2,
  bfloat16: 2,
  int16: 2,
  int64: 8,
  float64: 8,
};

/**
 * The most bytes that values take at once, if the nodes run in this order: a value exists from the node that computes it
 * to the last one that reads it; inputs and outputs exist throughout. Runtimes need somewhat more: they keep blocks of
 * memory for the next values, and copy some operands.
 *
 * @param values by name; those whose sizes are not known don't count
 * @param kept names of values that exist throughout
 */
export function peakBytes(
  nodes: readonly NodeProto[],
  values: ReadonlyMap<string, GraphValue>,
  kept: ReadonlySet<string>,
): number {
  const bytesOf = (name: string) => {
    const value = values.get(name);
    return value === undefined ? 0 : sizeOf(value.shape) * (bytesOfType[value.dataType] ?? 4);
  };
  const lastUse = new Map(nodes.flatMap(({ input }, index) => input.map((name) => [name, index] as const)));
  const total = (names: readonly string[]) => names.reduce((sum, name) => sum + bytesOf(name), 0);
  const isFreed = (name: string) => name !== '' && !kept.has(name);
  let held = total([...kept]);
  let peak = held;
  nodes.forEach(({ input, output }, index) => {
    const made = output.filter(isFreed);
    held += total(made);
    peak = Math.max(peak, held);
    const finished = [...new Set(input)].filter((name) => isFreed(name) && lastUse.get(name) === index);
    // What nothing reads is freed at once.
    held -= total([...finished, ...made.filter((name) => !lastUse.has(name))]);
  });
  return peak;
}
