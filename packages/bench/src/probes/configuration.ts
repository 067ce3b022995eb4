/** Hyper-parameters of the MLP probe: one point of heareval's grid. */
export interface ProbeConfiguration {
  readonly hiddenLayers: number;
  readonly hiddenDimension: number;
  readonly dropout: number;
  readonly learningRate: number;
  /** Validation checks without a better score before training stops. */
  readonly patience: number;
  readonly maxEpochs: number;
  readonly checkEveryEpochs: number;
  readonly batchSize: number;
  readonly hiddenNorm: 'batch' | 'none';
  readonly initialization: 'xavierUniform' | 'xavierNormal';
}
