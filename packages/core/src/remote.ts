/**
 * Models in a worker, or at the other end of any message port.
 *
 * @packageDocumentation
 */
export * from './remote/index.js';
