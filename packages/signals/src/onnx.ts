/**
 * Sample-rate conversion by ONNX Runtime on Node.js: the filters of `@hearken/signals`, several times as fast.
 *
 * @packageDocumentation
 */
export { resample, resamplePieces } from './audio/resample.node.js';
