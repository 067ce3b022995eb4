import type { Random } from '@hearken/metrics';
import type { PredictionType } from '@hearken/tasks';

/** Hyper-parameters of the MLP probe: one point of heareval's grid. */
export type MlpConfiguration = Readonly<{
  hiddenLayers: number;
  hiddenDimension: number;
  dropout: number;
  learningRate: number;
  /** Number of validation checks without a better score before training stops. */
  patience: number;
  maxEpochs: number;
  checkEveryEpochs: number;
  batchSize: number;
  hiddenNorm: 'batch' | 'none';
  initialization: 'xavierUniform' | 'xavierNormal';
}>;

/** Sizes of an MLP probe. */
export interface MlpShape {
  /** Embedding size. */
  readonly inputs: number;
  readonly hiddenLayers: number;
  readonly hiddenDimension: number;
  /** Labels, or the targets of a regression task. */
  readonly outputs: number;
  readonly hiddenNorm: MlpConfiguration['hiddenNorm'];
  readonly predictionType: PredictionType;
}

/** One array of the network. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** Trained by Adam; the others (running statistics) are only passed from step to step. */
  readonly trained: boolean;
}

/** Arrays by name. Weights are `[outputs, inputs]`, everything else a column `[outputs, 1]`. */
export type Parameters = Readonly<Record<string, Float32Array>>;

/** The number of inputs of layer `index`; the projection is the layer after the last hidden one. */
function layerInputs(shape: MlpShape, index: number): number {
  return index === 0 ? shape.inputs : shape.hiddenDimension;
}

/** The arrays of a network, in the order of its layers. */
export function parameterSpecs(shape: MlpShape): ParameterSpec[] {
  const specs: ParameterSpec[] = [];
  const column = (name: string, size: number, trained = true) => specs.push({ name, shape: [size, 1], trained });
  for (let layer = 0; layer < shape.hiddenLayers; layer += 1) {
    const size = shape.hiddenDimension;
    specs.push({ name: `hidden${layer}.weight`, shape: [size, layerInputs(shape, layer)], trained: true });
    if (shape.hiddenNorm === 'batch') {
      // A bias before batch norm has no effect, because the norm subtracts the mean: heareval's is left out.
      column(`hidden${layer}.scale`, size);
      column(`hidden${layer}.shift`, size);
      column(`hidden${layer}.runningMean`, size, false);
      column(`hidden${layer}.runningVariance`, size, false);
    } else {
      column(`hidden${layer}.bias`, size);
    }
  }
  specs.push({
    name: 'projection.weight',
    shape: [shape.outputs, layerInputs(shape, shape.hiddenLayers)],
    trained: true,
  });
  column('projection.bias', shape.outputs);
  return specs;
}

export function sizeOf({ shape }: ParameterSpec): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/**
 * Initial values drawn as in heareval: Xavier (Glorot and Bengio 2010) weights with PyTorch's gain of the preceding
 * layer (1 for the embedding, sqrt(2) after a ReLU), biases uniform within 1 / sqrt(inputs).
 */
export function initialParameters(
  shape: MlpShape,
  initialization: MlpConfiguration['initialization'],
  random: Random,
): Parameters {
  const parameters: Record<string, Float32Array> = {};
  for (const spec of parameterSpecs(shape)) {
    const values = new Float32Array(sizeOf(spec));
    parameters[spec.name] = values;
    const [layer, kind] = spec.name.split('.');
    const index = layer === 'projection' ? shape.hiddenLayers : Number(layer.slice('hidden'.length));
    if (kind === 'weight') {
      const gain = index === 0 ? 1 : Math.SQRT2;
      fillXavier(values, spec.shape[0], spec.shape[1], gain, initialization, random);
    } else if (kind === 'bias') {
      const bound = 1 / Math.sqrt(layerInputs(shape, index));
      for (let position = 0; position < values.length; position += 1) values[position] = random.uniform(-bound, bound);
    } else if (kind === 'scale' || kind === 'runningVariance') {
      values.fill(1);
    }
  }
  return parameters;
}

function fillXavier(
  values: Float32Array,
  outputs: number,
  inputs: number,
  gain: number,
  initialization: MlpConfiguration['initialization'],
  random: Random,
): void {
  const deviation = gain * Math.sqrt(2 / (inputs + outputs));
  const bound = Math.sqrt(3) * deviation;
  for (let position = 0; position < values.length; position += 1) {
    values[position] = initialization === 'xavierNormal' ? deviation * random.normal() : random.uniform(-bound, bound);
  }
}
