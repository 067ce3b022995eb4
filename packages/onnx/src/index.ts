/**
 * Checkpoint files in, ONNX graphs out, and sessions that run them.
 *
 * @packageDocumentation
 */
export * from './checkpoint/index.js';
export * from './checkpoint/file-source.node.js';
export * from './checkpoint/model-files.node.js';
export * from './frontend/kaldi-fbank.js';
export * from './frontend/mel-bank.js';
export * from './frontend/pcen.js';
export * from './frontend/power-spectrum.js';
export * from './frontend/resize.js';
export * from './frontend/signal-padding.js';
export * from './frontend/windows.js';
export * from './graph/data-type.js';
export * from './graph/graph-builder.js';
export * from './graph/layers.js';
export * from './graph/self-contained.js';
export * from './graph/transformer-encoder.js';
export * from './graph/transformer-layers.js';
export * from './graph/vit-weights.js';
export * from './graph/weights.js';
export * from './quantization/build-in-precision.node.js';
export * from './quantization/precision.js';
export * from './quantization/quantized-linear.js';
export * from './session/file-hash.node.js';
export * from './session/node-session.js';
export * from './session/run-windows.js';
export * from './session/session.js';
