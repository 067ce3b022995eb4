/**
 * Stores of artifacts, manifests of tasks, shards of embeddings and records of trainings on Node.js.
 *
 * @packageDocumentation
 */
export { BlobCache, type BlobCacheOptions, type BlobSource } from './blobs/blob-cache.node.js';
export { FileArtifacts } from './store/file-artifacts.node.js';
export { openArtifacts, type OpenOptions } from './store/open-artifacts.node.js';
export { type FileFacts } from './manifests/manifest-file.node.js';
export { isUnchanged, type ManifestOptions, type TaskManifest, taskManifest } from './manifests/task-manifest.node.js';
export { type ArtifactRecord, decodeRecord, encodeRecord } from './records/record.node.js';
export { removeFinishedParts } from './shards/part-file.node.js';
export { openShard, shardFormat, type ShardKind, type ShardRows, type StoredShard } from './shards/shard-file.node.js';
export { shardKey, shardsOfSplit } from './shards/shard-key.node.js';
export { ShardWriter } from './shards/shard-writer.node.js';
export { readAllRows, type RowSegment, StoredRows } from './shards/stored-rows.node.js';
export { keyName } from './store/key-name.node.js';
