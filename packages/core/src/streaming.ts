/**
 * Embeddings of a signal while it arrives.
 *
 * @packageDocumentation
 */
export * from './stream-embeddings.js';
export * from './streaming/cut-windows.js';
