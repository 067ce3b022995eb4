/**
 * Checkpoint files in, ONNX graphs out, and sessions that run them.
 *
 * @packageDocumentation
 */
export * from './checkpoint/index.js';
export * from './checkpoint/file-source.node.js';
export * from './frontend/mel-bank.js';
export * from './frontend/power-spectrum.js';
export * from './frontend/signal-padding.js';
export * from './frontend/windows.js';
export * from './graph/data-type.js';
export * from './graph/graph-builder.js';
export * from './graph/layers.js';
export * from './session/file-hash.node.js';
export * from './session/node-session.js';
export * from './session/run-windows.js';
export * from './session/session.js';
