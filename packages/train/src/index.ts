/**
 * Training of ONNX models in ONNX Runtime, on Node.js and in browsers: gradients as plain ONNX graphs, and losses.
 *
 * @packageDocumentation
 */
export {
  type AdaptedModel,
  type AdapterMatrix,
  addLowRankAdapters,
  type LowRankAdapter,
  type LowRankOptions,
} from './adapters/low-rank.js';
export { differentiate } from './differentiate.js';
export type {
  BatchStatistics,
  DifferentiateOptions,
  RunningStatistic,
  TrainedParameter,
  TrainingGraph,
} from './differentiate-options.js';
export { extendModel } from './graph/extend-model.js';
export { listParameters, type ModelParameter } from './list-parameters.js';
export { binaryCrossEntropy } from './losses/binary-cross-entropy.js';
export {
  type ClassTargets,
  crossEntropy,
  type CrossEntropyOptions,
  mixedCrossEntropy,
  mixedShares,
  type MixedTargets,
} from './losses/cross-entropy.js';
export { meanSquaredError } from './losses/mean-squared-error.js';
export { type PatchMix, patchMixContrast } from './losses/patch-mix.js';
export { cosineSimilarity, unitLength } from './losses/similarity.js';
export { differentiableOperators } from './operators/registry.js';
