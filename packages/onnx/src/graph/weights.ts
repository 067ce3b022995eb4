import type { Checkpoint, TensorEntry } from '../checkpoint/checkpoint.js';
import { requireTensor } from '../checkpoint/read-tensor.js';
import type { GraphBuilder, Value } from './graph-builder.js';

/** Element types in which a weight may be stored; all are computed as float32. */
export const weightTypes = ['float32', 'float16', 'bfloat16', 'float64'] as const;

/**
 * A weight of the checkpoint as float32, by name and shape. It stays in its file.
 *
 * @param shape - null for a dimension that may have any size
 * @param need - what needs it, for the error: `this model (12 layers, 768 wide)`
 * @throws CheckpointError naming the tensor, what was found and what is needed
 */
export function weight(
  graph: GraphBuilder,
  checkpoint: Checkpoint,
  name: string,
  shape: readonly (number | null)[],
  need?: string,
): Value {
  const needed = { shape, dataTypes: weightTypes, ...(need === undefined ? {} : { need }) };
  return externalFloat32(graph, requireTensor(checkpoint, name, needed));
}

/** A tensor of a file as float32; other floating-point types are cast when the session is created. */
export function externalFloat32(graph: GraphBuilder, entry: TensorEntry): Value {
  const stored = graph.external(entry);
  return entry.dataType === 'float32' ? stored : graph.node('Cast', [stored], { attributes: { to: 1n } });
}

/** The matrix of a linear layer. */
export interface Matrix {
  /** float32 `[outputs, inputs]`; quantised: int8 or uint8 `[inputs, outputs]`. */
  readonly weight: Value;
  /** `[outputs]`: factors for the columns of a quantised weight. Absent: not quantised. */
  readonly scales?: Value;
  /** Whether a quantised weight consists of unsigned bytes, where 128 represents 0. */
  readonly isUnsigned?: boolean;
}

/**
 * Adds the matrix of a linear layer to a graph. `entry` is its location in the checkpoint, `[outputs, inputs]`. Plugins
 * get one from `buildInPrecision` and pass it to `linearWeights` and `vitEncoderLayer`.
 */
export type MatrixSource = (graph: GraphBuilder, entry: TensorEntry) => Matrix;

/** Uses matrices as stored. */
export const storedMatrices: MatrixSource = (graph, entry) => ({ weight: externalFloat32(graph, entry) });

/** The weights of a linear layer. */
export interface LinearWeights extends Matrix {
  /** `[outputs]`; absent if the layer has no bias. */
  readonly bias?: Value;
}

/** The required weights of a linear layer. */
export interface LinearNeed {
  /** Number of input values. */
  readonly inputs: number;
  /** Number of output values. */
  readonly outputs: number;
  /** Whether the layer has a bias; default true. */
  readonly hasBias?: boolean;
  /** What needs the weights, for errors: `this model (12 layers, 768 wide)`. */
  readonly need?: string;
  /** How the matrix is added to the graph; default: as stored. */
  readonly matrices?: MatrixSource;
}

/**
 * The weights of a linear layer, `name.weight` `[outputs, inputs]` and `name.bias`, for `linearLayers`.
 *
 * @throws CheckpointError naming the tensor, what was found and what is needed
 */
export function linearWeights(
  graph: GraphBuilder,
  checkpoint: Checkpoint,
  name: string,
  { inputs, outputs, hasBias = true, need, matrices = storedMatrices }: LinearNeed,
): LinearWeights {
  const needed = { shape: [outputs, inputs], dataTypes: weightTypes, ...(need === undefined ? {} : { need }) };
  const matrix = matrices(graph, requireTensor(checkpoint, `${name}.weight`, needed));
  return hasBias ? { ...matrix, bias: weight(graph, checkpoint, `${name}.bias`, [outputs], need) } : matrix;
}

/**
 * Rows `start` to `end` (exclusive) of a tensor, without copying: for queries, keys and values that a checkpoint stacks
 * in one tensor.
 *
 * @throws Error for rows that the tensor doesn't have
 */
export function rowsOf(entry: TensorEntry, start: number, end: number): TensorEntry {
  const [rows, ...rest] = entry.shape;
  if (!(start >= 0 && end <= rows && start < end)) throw new Error(`rows ${start} to ${end} of ${rows}`);
  const rowBytes = entry.byteLength / rows;
  return {
    ...entry,
    name: `${entry.name}[${start}:${end}]`,
    shape: [end - start, ...rest],
    offset: entry.offset + start * rowBytes,
    byteLength: (end - start) * rowBytes,
  };
}
