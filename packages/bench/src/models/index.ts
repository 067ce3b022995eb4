export { checkpointRecord, namedModel } from './checkpoint-record.node.js';
export { type CheckpointRecord, modelName, type NamedModel } from '@hearken/results';
export { hasCustomWeights, modelPathName } from '@hearken/results/internal';
export { publishedFiles } from './published-files.js';
export { pullModel, type PullEvent, type PullOptions, type PullOutcome } from './pull-model.node.js';
export {
  findPulledModel,
  modelFolder,
  modelsFolder,
  type PulledFile,
  type PulledModel,
  type PulledRecord,
} from './pulled-record.node.js';
