/**
 * Models in a worker, or anywhere else that messages reach.
 *
 * @packageDocumentation
 */
export * from './remote/index.js';
