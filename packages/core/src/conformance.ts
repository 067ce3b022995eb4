/**
 * The conformance suite: what plugin tests and `hearken validate` check of every embedder.
 *
 * @packageDocumentation
 */
export * from './conformance/index.js';
