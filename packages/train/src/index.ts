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
export { mergeAdapters, type MergedWeights, type TrainedRecipe } from './adapters/merge-adapters.js';
export { differentiate } from './differentiate.js';
export type {
  BatchStatistics,
  DifferentiateOptions,
  RunningStatistic,
  TrainedParameter,
  TrainingGraph,
} from './differentiate-options.js';
export {
  type EpochRecord,
  fineTune,
  type FineTuned,
  type FineTuneOptions,
  type FitStore,
  type UpdateProgress,
} from './fit/fine-tune.js';
export { FineTuning, type FineTuningOptions, type UpdateReport } from './fit/fine-tuning.js';
export type { FitCheckpoint } from './fit/fit-checkpoint.js';
export { type FineTuningPlan, type FineTuningRequest, planFineTuning } from './fit/plan.js';
export { Predictor } from './fit/predictor.js';
export type { Examples, TargetKind } from './fit/task.js';
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
export { graphModel, type GraphModelOptions } from './models/graph-model.js';
export type { OpenExternal } from './models/initializer-values.js';
export { differentiableOperators } from './operators/registry.js';
export { Optimiser, type OptimiserOptions, type UpdateOptions } from './optimisers/optimiser.js';
export {
  type ConstantRate,
  type EpochCosine,
  type EpochRamp,
  rateFactor,
  type Schedule,
  type UpdateSchedule,
} from './optimisers/schedules.js';
export type { AdamSettings, OptimiserSettings, ParameterGroup, SgdSettings } from './optimisers/settings.js';
export { type ArenaTensor, TensorArena, type TensorSpec } from './optimisers/tensor-arena.js';
export { type AverageSettings, WeightAverage } from './optimisers/weight-average.js';
export { generalRecipes, mixExamples } from './recipes/general-recipes.js';
export { resolveRecipe, type ResolvedRecipe } from './recipes/resolve-recipe.js';
export { type ParameterSelection, plainName, selectParameters } from './recipes/select-parameters.js';
export { defaultSettings, overrideSettings } from './recipes/settings.js';
export { NotFiniteError } from './trainer/not-finite-error.js';
export type { SnapshotTensor, TrainerSnapshot } from './trainer/snapshot.js';
export {
  type StepGradients,
  type StepInputs,
  type StepOptions,
  Trainer,
  type TrainerOptions,
} from './trainer/trainer.js';
