export * from './clip-facts.js';
export * from './constant-embeddings.js';
export * from './guard-task.node.js';
export * from './inspect-clips.node.js';
export * from './unseen-labels.js';
export type { Warning, WarningCode } from './warning.js';
