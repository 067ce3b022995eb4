/**
 * The conformance suite: what every embedder is checked for, in tests of plugins and in `hearken validate`.
 *
 * @packageDocumentation
 */
export * from './conformance/index.js';
