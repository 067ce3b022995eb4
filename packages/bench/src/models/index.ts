export { checkpointRecord, namedModel } from './checkpoint-record.node.js';
export { type CheckpointRecord, modelName, type NamedModel } from '@hearken/results';
export { hasCustomWeights, modelPathName } from '@hearken/results/internal';
export { modelFolder, modelsFolder } from './models-folder.node.js';
export { publishedFiles } from './published-files.js';
export { pullModel, type PullEvent, type PullOptions, type PullOutcome } from './pull-model.node.js';
export { findPulledModel, type PulledFile, type PulledModel, type PulledRecord } from './pulled-record.node.js';
