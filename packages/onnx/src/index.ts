/**
 * Reading checkpoint files and building ONNX graphs, on Node.js and in browsers. Sessions that run the graphs, and
 * access to files, are in `@hearken/onnx/node` and `@hearken/onnx/web`.
 *
 * @packageDocumentation
 */
export { maximumModelBytes } from '@hearken/core/internal';
export type { AdapterMatrices, AdapterMatrix, LowRankAdapters } from './checkpoint/adapter/adapter.js';
export { mergeAdapter } from './checkpoint/adapter/merge-adapter.js';
export { readAdapter } from './checkpoint/adapter/read-adapter.js';
export { writeAdapter } from './checkpoint/adapter/write-adapter.js';
export { blobSource, bufferSource, type ByteSource } from './checkpoint/byte-source.js';
export { type Checkpoint, selectStateDict, type TensorEntry } from './checkpoint/checkpoint.js';
export type { CheckpointDataType } from './checkpoint/data-types.js';
export { type ConfigRange, ModelConfig } from './checkpoint/model-config.js';
export type { ModelFiles } from './checkpoint/model-files.js';
export { configHelp, configWithOption, givenConfig, NetworkSettings } from './checkpoint/network-settings.js';
export { openCheckpoint } from './checkpoint/open-checkpoint.js';
export {
  lookUp,
  type PickleDict,
  type PickleGlobal,
  type PickleRecord,
  type PickleStorage,
  type PickleTensor,
  type PickleValue,
} from './checkpoint/pickle-values.js';
export { type PlainValue, readPlainPickle } from './checkpoint/plain-pickle.js';
export { readParameter } from './checkpoint/read-parameter.js';
export { readFloat32, requireTensor, type TensorNeed } from './checkpoint/read-tensor.js';
export { type CheckpointTensors, ForeignCheckpointError, wrongCheckpoint } from './checkpoint/recognise.js';
export {
  chosenWeights,
  selectBeside,
  type SelectedWeights,
  selectWeights,
  weightsHelp,
  type WeightsNeed,
} from './checkpoint/select-weights.js';
export {
  OrderedDict,
  PickleTuple,
  pythonFloat,
  pythonObject,
  pythonTuple,
  withAttributes,
} from './checkpoint/python-types.js';
export type { StorageContents } from './checkpoint/pickle-values.js';
export {
  configFile,
  finetunedTensors,
  headContents,
  labelSettings,
  savedFile,
  stateDict,
} from './checkpoint/write/finetuned.js';
export { joinParts } from './checkpoint/write/join-parts.js';
export { nameInFile, readTorchFile, rewriteCheckpoint } from './checkpoint/write/rewrite-checkpoint.js';
export type { CheckpointChanges, WrittenFile } from './checkpoint/write/written-file.js';
export {
  type TensorContents,
  tensorContents,
  type TensorValues,
  torchTensor,
} from './checkpoint/write/tensor-contents.js';
export { readTorchValue } from './checkpoint/write/torch-value.js';
export { writeSafetensors } from './checkpoint/write/write-safetensors.js';
export { writeTorchCheckpoint } from './checkpoint/write/write-torch.js';
export { kaldiFbank, type KaldiFbankOptions } from './frontend/kaldi-fbank.js';
export { kaldiMelBank, type MelBank, type MelBankOptions } from './frontend/mel-bank.js';
export { pcen, type PcenOptions } from './frontend/pcen.js';
export { filteredPowerSpectrum, type SpectrumOptions } from './frontend/power-spectrum.js';
export { interpolationMatrix, resizeLastAxis } from './frontend/resize.js';
export { preEmphasis, reflectPad, zeroPadEnd } from './frontend/signal-padding.js';
export { centredHannWindow, periodicHannWindow } from './frontend/windows.js';
export { countParameters } from './graph/count-parameters.js';
export { type DataType, dataTypes } from './graph/data-type.js';
export {
  type Attribute,
  type Dimension,
  type ExternalTensor,
  GraphBuilder,
  type NodeOptions,
  type Value,
} from './graph/graph-builder.js';
export {
  add,
  batchNorm,
  type BatchNormWeights,
  concat,
  convolution,
  type ConvolutionOptions,
  divide,
  hardSwish,
  linear,
  matmul,
  mean,
  multiply,
  relu,
  reshape,
  sigmoid,
  slice,
  spatialMean,
  subtract,
  sum,
  transpose,
} from './graph/layers.js';
export { mixPatches } from './graph/mix-patches.js';
export {
  type OnnxExternalRange,
  type OnnxHeader,
  type OnnxValue,
  onnxValueText,
  readOnnxHeader,
} from './graph/read-onnx.js';
export { type ExternalBytes, selfContainedModel, type SelfContainedModel } from './graph/self-contained.js';
export { withStandardOperators } from './graph/standard-operators.js';
export {
  type DropoutPlace,
  type EncoderBlocks,
  type EncoderLayer,
  type EncoderShape,
  type EncoderTraining,
  type StackedEncoderLayer,
  postNormEncoder,
  preNormEncoder,
} from './graph/transformer-encoder.js';
export {
  activate,
  type Activation,
  activations,
  type AttentionChanges,
  type AttentionShape,
  embedTokens,
  fastGelu,
  gelu,
  layerNorm,
  multiHeadAttention,
  type NormWeights,
  patchEmbedding,
  type PatchShape,
  residualLayerNorm,
  writtenAttention,
} from './graph/transformer-layers.js';
export type { OnnxOperator } from './graph/visit-nodes.js';
export { countLayers, vitEncoderLayer, type VitLayerShape } from './graph/vit-weights.js';
export {
  externalFloat32,
  type LinearNeed,
  linearWeights,
  type LinearWeights,
  type Matrix,
  type MatrixSource,
  rowsOf,
  storedMatrices,
  weight,
  weightTypes,
} from './graph/weights.js';
export { audioSetLabels } from './labels/audioset.js';
export { configLabels, type ConfigLabels, labelNames } from './labels/config-labels.js';
export {
  type BuiltInPrecision,
  checkPrecision,
  type Precision,
  precisionHelp,
  precisions,
} from './quantization/precision.js';
export { linearLayers } from './graph/quantized-linear.js';
export type { Runtime } from './runtime.js';
export { deferredSession } from './session/deferred-session.js';
export { FrontEndSession } from './session/front-end-session.js';
export { LazySession } from './session/lazy-session.js';
export { graphOf } from './session/graph-of.js';
export { runWindows, type WindowBatches } from './session/run-windows.js';
export { type ModelProvenance, SessionEmbedder } from './session/session-embedder.js';
export { sessionHead, type SessionHead, type SessionHeadParts } from './session/session-head.js';
export { sessionAndHash, type SessionAndHash } from './session/session-and-hash.js';
export { centredWindowCount, fillWindow, meanOverWindows } from './session/signal-windows.js';
export type {
  ExternalData,
  ExternalGuard,
  Session,
  SessionFactory,
  SessionOptions,
  Tensor,
} from './session/session.js';
export { chooseTrainedVariant, refusePrecision, requireCheckpoint } from './training/refusals.js';
