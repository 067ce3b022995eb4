/**
 * What Hearken's own benchmarks need besides the public entry. It may change with any version.
 *
 * @packageDocumentation
 */
export { runWorkerWith } from './worker/run-worker.node.js';
