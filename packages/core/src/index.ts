/**
 * The embedder interface, plugin definition and registry, signal batches, typed errors and the conformance suite.
 *
 * @packageDocumentation
 */
export * from './did-you-mean.js';
export * from './embedder.js';
export * from './errors.js';
export * from './plugin.js';
export * from './signals.js';
