import type { TensorEntry } from '../checkpoint/checkpoint.js';
import { type MatrixSource, storedMatrices } from '../graph/weights.js';

/** A quantised matrix in a file: int8 or uint8 `[inputs, outputs]`, and a scale for each output. */
export interface QuantizedEntry {
  readonly weight: TensorEntry;
  readonly scales: TensorEntry;
}

/** Matrices as they are stored, each noted in `entries`. */
export function recordedMatrices(entries: Map<string, TensorEntry>): MatrixSource {
  return (graph, entry) => {
    entries.set(placeOf(entry), entry);
    return storedMatrices(graph, entry);
  };
}

/** @param quantized by {@link placeOf} the matrix as stored */
export function quantizedMatrices(quantized: ReadonlyMap<string, QuantizedEntry>): MatrixSource {
  return (graph, entry) => {
    const found = quantized.get(placeOf(entry));
    if (found === undefined) throw new Error(`matrix '${entry.name}' was not there when the graph was built before`);
    return {
      weight: graph.external(found.weight),
      scales: graph.external(found.scales),
      isUnsigned: found.weight.dataType === 'uint8',
    };
  };
}

/** What tells the tensors of a checkpoint apart, under whatever names. */
export function placeOf({ location = '', offset, byteLength }: TensorEntry): string {
  return `${offset}+${byteLength} ${location}`;
}
