/**
 * Checkpoint files in, ONNX graphs out: what is the same on Node.js and in a browser. Sessions that run the graphs, and
 * files, are in `@hearken/onnx/node` and `@hearken/onnx/web`.
 *
 * @packageDocumentation
 */
export * from './checkpoint/index.js';
export * from './checkpoint/model-files.js';
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
export * from './graph/read-onnx.js';
export * from './graph/self-contained.js';
export * from './graph/transformer-encoder.js';
export * from './graph/transformer-layers.js';
export * from './graph/vit-weights.js';
export * from './graph/weights.js';
export * from './quantization/precision.js';
export * from './quantization/quantized-linear.js';
export * from './runtime.js';
export * from './session/run-windows.js';
export * from './session/session.js';
