export { blobSource, bufferSource, type ByteSource } from './byte-source.js';
export { selectStateDict, type Checkpoint, type TensorEntry } from './checkpoint.js';
export type { CheckpointDataType } from './data-types.js';
export { ModelConfig, readModelConfig, type ConfigRange } from './model-config.js';
export { configHelp, configWithOption, givenConfig, NetworkSettings } from './network-settings.js';
export { openCheckpoint } from './open-checkpoint.js';
export {
  lookUp,
  type PickleDict,
  type PickleGlobal,
  type PickleRecord,
  type PickleStorage,
  type PickleTensor,
  type PickleValue,
} from './pickle-values.js';
export { readPlainPickle, type PlainValue } from './plain-pickle.js';
export { readFloat32, requireTensor, type TensorNeed } from './read-tensor.js';
export { recogniseCheckpoint, wrongCheckpoint } from './recognise.js';
export {
  chosenWeights,
  selectBeside,
  type SelectedWeights,
  selectWeights,
  weightsHelp,
  type WeightsNeed,
} from './select-weights.js';
export { readSafetensors } from './safetensors.js';
export { readTorchCheckpoint } from './torch-checkpoint.js';
export { readZipEntries } from './zip-entries.js';
export type { ZipEntry } from './zip-entry.js';
