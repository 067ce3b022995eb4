/**
 * Training of models whose weights are in files, in addition to all of `@hearken/train`.
 *
 * @packageDocumentation
 */
export * from './index.js';
export { filesOf } from './models/folder-files.node.js';
export { graphModel, openTrainable } from './models/graph-model.node.js';
