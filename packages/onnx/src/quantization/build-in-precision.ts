import type { TensorEntry } from '../checkpoint/checkpoint.js';
import type { ModelFiles } from '../checkpoint/model-files.js';
import { type MatrixSource, storedMatrices } from '../graph/weights.js';
import type { ExternalData } from '../session/session.js';
import { inlineTensors } from './inline-tensors.js';
import { quantizedMatrices, recordedMatrices, type QuantizedEntry } from './matrix-source.js';
import type { BuiltInPrecision, Precision } from './precision.js';

/** Quantised matrices, wherever they are stored. */
export interface QuantizedTensors {
  readonly external: ExternalData;
  /** The location of the entries. */
  readonly location: string;
  /** By the matrix's location (`placeOf`) in the checkpoint. */
  readonly entries: ReadonlyMap<string, QuantizedEntry>;
}

/**
 * Implements `Runtime.buildInPrecision`.
 *
 * @param openQuantized finds or creates the matrices in 8 bits
 */
export async function buildInPrecision<Built extends { readonly graph: Uint8Array }>(
  files: ModelFiles,
  precision: Precision,
  build: (matrices: MatrixSource) => Built,
  openQuantized: (matrices: readonly TensorEntry[]) => Promise<QuantizedTensors>,
): Promise<BuiltInPrecision<Built>> {
  if (precision === 'fp32') return { ...build(storedMatrices), external: files.external };
  const matrices = new Map<string, TensorEntry>();
  build(recordedMatrices(matrices));
  const { external, entries, location } = await openQuantized([...matrices.values()]);
  const built = build(quantizedMatrices(entries));
  const graph = await inlineTensors(built.graph, location, (bytes) => files.readBytes(bytes));
  return { ...built, graph, external };
}
