export {
  bootstrapInterval,
  pairedBootstrapTest,
  type BootstrapOptions,
  type ClipStatistic,
  type ConfidenceInterval,
  type PairedDifference,
} from './bootstrap.js';
export { delongInterval, delongTest, meanDelongInterval, type DelongInterval, type DelongTest } from './delong.js';
export { pairedPermutationTest, signFlipTest, type PermutationResult, type SwappedDifference } from './permutation.js';
export type { RandomSource, ResamplingOptions } from './resampling.js';
export { betaQuantile, incompleteBeta, studentQuantile, studentTail } from './incomplete-beta.js';
export { adjustedSize, areaSize, shareInterval, type Bounds } from './share-interval.js';
export { twoSidedTail } from './normal-tail.js';
export { mean, quantile, standardDeviation } from './summary.js';
