import type { TensorEntry } from '../checkpoint/checkpoint.js';
import { type MatrixSource, storedMatrices } from '../graph/weights.js';

/** A quantised matrix in a file: int8 or uint8 `[inputs, outputs]`, with a scale per output. */
export interface QuantizedEntry {
  readonly weight: TensorEntry;
  readonly scales: TensorEntry;
}

/** Uses matrices as stored, and records each in `entries`. */
export function recordedMatrices(entries: Map<string, TensorEntry>): MatrixSource {
  return (graph, entry) => {
    entries.set(placeOf(entry), entry);
    return storedMatrices(graph, entry);
  };
}

/** @param quantized by the {@link placeOf} of the stored matrix */
export function quantizedMatrices(quantized: ReadonlyMap<string, QuantizedEntry>): MatrixSource {
  return (graph, entry) => {
    const found = quantized.get(placeOf(entry));
    if (found === undefined)
      throw new Error(`matrix '${entry.name}' was not used when the graph was built the first time`);
    return {
      weight: graph.external(found.weight),
      scales: graph.external(found.scales),
      isUnsigned: found.weight.dataType === 'uint8',
    };
  };
}

/** Identifies a tensor of a checkpoint, whatever its name. */
export function placeOf({ location = '', offset, byteLength }: TensorEntry): string {
  return `${offset}+${byteLength} ${location}`;
}
