/**
 * Sample-rate conversion by ONNX Runtime on Node.js: the filters of `@hearken/signals`, but several times faster.
 *
 * @packageDocumentation
 */
export { resample, resamplePieces } from './audio/resample.node.js';
