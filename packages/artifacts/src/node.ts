/**
 * Stores of artifacts on Node.js.
 *
 * @packageDocumentation
 */
export { FileArtifacts } from './store/file-artifacts.node.js';
