/**
 * Stores of artifacts on Node.js.
 *
 * @packageDocumentation
 */
export { BlobCache, type BlobCacheOptions, type BlobSource } from './blobs/blob-cache.node.js';
export { FileArtifacts } from './store/file-artifacts.node.js';
export { openArtifacts, type OpenOptions } from './store/open-artifacts.node.js';
