/**
 * Campaigns on many machines: a queue on Redis or Valkey gives out jobs, and workers compute them.
 *
 * @packageDocumentation
 */
export { cacheId } from './queue/cache-id.node.js';
export { openQueue, type OpenQueue, type OpenQueueOptions, type QueueAddress } from './queue/connect.node.js';
export { QueueError } from './queue/queue-error.js';
export { parseQueueUrl, type QueueLocation } from './queue/queue-url.js';
