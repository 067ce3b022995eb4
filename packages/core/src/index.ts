/**
 * The embedder interface, plugin definition and registry, signal batches, typed errors and the conformance suite.
 *
 * @packageDocumentation
 */
export * from './conformance/index.js';
export * from './did-you-mean.js';
export * from './ecg-leads.js';
export * from './embed-options.js';
export * from './embedder.js';
export * from './errors.js';
export * from './model-source.js';
export * from './model-specifier.js';
export * from './plugin.js';
export * from './registry.js';
export * from './remote/index.js';
export { firstNonFinite, signalBatch, sliceBatch, type SignalBatch } from './signals.js';
export * from './stream-embeddings.js';
