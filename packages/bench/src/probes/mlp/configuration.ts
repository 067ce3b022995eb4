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
