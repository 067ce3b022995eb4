export { checkpointRecord, namedModel } from './checkpoint-record.node.js';
export { type CheckpointRecord, hasOwnWeights, modelName, modelPathName, type NamedModel } from './model-name.js';
export { modelFolder, modelsFolder } from './models-folder.node.js';
export { publishedFiles } from './published-files.js';
export { pullModel, type PullEvent, type PullOptions, type PullOutcome } from './pull-model.node.js';
export { findPulledModel, type PulledFile, type PulledModel, type PulledRecord } from './pulled-record.node.js';
