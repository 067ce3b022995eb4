import type { MlpShape } from '../../src/probes/mlp/parameters.js';

/** One batch for the plain, slow MLP that the graphs are compared with. */
export interface Reference {
  readonly shape: MlpShape;
  readonly rows: number;
  readonly embeddings: Float32Array;
  readonly targets: Float32Array;
  /** `[hiddenDimension, rows]` each. */
  readonly masks: Float32Array[];
}

/** Forward pass and mean loss in float64, row by row, straight from the layers' definitions. */
export function lossOf(
  { shape, rows, embeddings, targets, masks }: Reference,
  parameters: Readonly<Record<string, ArrayLike<number>>>,
  mode: 'training' | 'evaluation',
): { loss: number; logits: Float64Array; probabilities: Float64Array } {
  let hidden = Array.from({ length: rows }, (_, row) =>
    Array.from(embeddings.subarray(row * shape.inputs, (row + 1) * shape.inputs)),
  );
  for (let layer = 0; layer < shape.hiddenLayers; layer += 1) {
    const name = `hidden${layer}`;
    let sums = hidden.map((input) => times(parameters[`${name}.weight`], input, shape.hiddenDimension));
    if (shape.hiddenNorm === 'batch') {
      const statistics = Array.from({ length: shape.hiddenDimension }, (_, unit) => {
        if (mode === 'evaluation') {
          return [parameters[`${name}.runningMean`][unit], parameters[`${name}.runningVariance`][unit]];
        }
        const column = sums.map((row) => row[unit]);
        const mean = column.reduce((sum, value) => sum + value, 0) / rows;
        return [mean, column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows];
      });
      sums = sums.map((row) =>
        row.map((value, unit) => {
          const normalised = (value - statistics[unit][0]) / Math.sqrt(statistics[unit][1] + 1e-5);
          return normalised * parameters[`${name}.scale`][unit] + parameters[`${name}.shift`][unit];
        }),
      );
    } else {
      sums = sums.map((row) => row.map((value, unit) => value + parameters[`${name}.bias`][unit]));
    }
    hidden = sums.map((values, row) =>
      values.map((value, unit) => Math.max(0, value) * (mode === 'training' ? masks[layer][unit * rows + row] : 1)),
    );
  }
  const logits = hidden.map((input) =>
    times(parameters['projection.weight'], input, shape.outputs).map(
      (value, label) => value + parameters['projection.bias'][label],
    ),
  );
  const probabilities = logits.map((row) => {
    if (shape.predictionType === 'multilabel') return row.map((value) => 1 / (1 + Math.exp(-value)));
    const total = row.reduce((sum, value) => sum + Math.exp(value), 0);
    return row.map((value) => Math.exp(value) / total);
  });
  let loss = 0;
  probabilities.flat().forEach((probability, index) => {
    if (targets[index] === 1) loss -= Math.log(probability);
    else if (shape.predictionType === 'multilabel') loss -= Math.log(1 - probability);
  });
  const terms = shape.predictionType === 'multilabel' ? rows * shape.outputs : rows;
  return {
    loss: loss / terms,
    logits: Float64Array.from(logits.flat()),
    probabilities: Float64Array.from(probabilities.flat()),
  };
}

function times(weight: ArrayLike<number>, input: readonly number[], outputs: number): number[] {
  return Array.from({ length: outputs }, (_, output) =>
    input.reduce((sum, value, index) => sum + value * weight[output * input.length + index], 0),
  );
}
