import type { GraphBuilder, Value } from './graph-builder.js';
import { add, divide, linear, multiply } from './layers.js';
import type { LinearWeights, Matrix } from './weights.js';

/** The unsigned byte that represents 0 for values of both signs. */
const middle = 128;

/** A matrix in 8 bits with a scale per row: its values are `scales * (bytes - zeroPoint)`. */
interface QuantizedRows {
  readonly bytes: Value;
  /** `[rows, 1]` */
  readonly scales: Value;
  readonly zeroPoint: Value;
}

/**
 * Linear layers that share their input `[n, inputs]`: `input @ weight^T + bias` for each. If the weights are quantised,
 * so is the input, row by row and only once for all layers.
 *
 * @param zeroPoint which of the 256 steps of a quantised input represents 0; for a mostly positive input, a value below
 * the middle leaves more steps for the positive values
 * @returns one `[n, outputs]` for each layer
 */
export function linearLayers(
  graph: GraphBuilder,
  input: Value,
  layers: readonly LinearWeights[],
  zeroPoint = middle,
): Value[] {
  let rows: QuantizedRows | undefined;
  return layers.map(({ weight, scales, bias, isUnsigned = false }) => {
    if (scales === undefined) return linear(graph, input, weight, bias);
    rows ??= quantizeRows(graph, input, zeroPoint);
    const product = quantizedProduct(graph, rows, { weight, scales, isUnsigned });
    return bias === undefined ? product : add(graph, product, bias);
  });
}

/**
 * Quantises each row in steps just large enough to reach its largest and smallest value. The steps of a row (a token)
 * depend only on its own values, so the embedding of a signal never depends on its batch, as it would with one scale
 * for the whole tensor (`DynamicQuantizeLinear`).
 */
function quantizeRows(graph: GraphBuilder, input: Value, zeroPoint: number): QuantizedRows {
  const extreme = (operator: 'ReduceMax' | 'ReduceMin', steps: number) => {
    const ofRow = graph.node(operator, [input, graph.integers([1])], { attributes: { keepdims: 1n } });
    return multiply(graph, ofRow, graph.constant(1 / steps));
  };
  const above = extreme('ReduceMax', 255 - zeroPoint);
  const below = zeroPoint === 0 ? [] : [extreme('ReduceMin', -zeroPoint)];
  // A row of zeros needs a scale too.
  const scales = graph.node('Max', [above, ...below, graph.constant(1e-30)]);
  const zero = graph.bytes(Uint8Array.of(zeroPoint), []);
  const bytes = graph.node('QuantizeLinear', [divide(graph, input, scales), graph.constant(1), zero]);
  return { bytes, scales, zeroPoint: zero };
}

/** The product with a quantised weight, computed exactly in integers, then scaled by columns and rows. */
function quantizedProduct(
  graph: GraphBuilder,
  rows: QuantizedRows,
  { weight, scales, isUnsigned }: Required<Matrix>,
): Value {
  const weightZero = graph.bytes(isUnsigned ? Uint8Array.of(middle) : Int8Array.of(0), []);
  // The operator has no scale per row.
  const product = graph.node(
    'MatMulIntegerToFloat',
    [rows.bytes, weight, graph.constant(1), scales, rows.zeroPoint, weightZero],
    { domain: 'com.microsoft' },
  );
  return multiply(graph, product, rows.scales);
}
