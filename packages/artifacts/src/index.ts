/**
 * The files of an evaluation, by content: what a task's clips are, the embeddings of some of them, and finished
 * trainings. Types and formats that need no file system.
 *
 * @packageDocumentation
 */
export { planShards, type Shard } from './shards/plan-shards.js';
export { type Artifacts, checkKey } from './store/artifacts.js';
