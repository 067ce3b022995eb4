export * from './benchmark.js';
export * from './cache-folder.node.js';
export * from './embed-task.node.js';
export * from './harness-version.js';
export * from './identity.node.js';
export * from './journal.node.js';
export * from './machine.node.js';
export * from './open-tasks.node.js';
export * from './plugins.node.js';
export * from './make-result.js';
export type { AreaIntervals } from './resampling/area-intervals.js';
export type { SceneAnswerScoring } from './resampling/test-answers.js';
export {
  findResult,
  identityOf,
  readResult,
  writeResult,
  type FinishedResult,
  type ResultPlace,
} from './result-file.node.js';
export * from './result.js';
export * from './run-benchmark.node.js';
export { parseTestClips, type ListedEvent, type TestClip, type TestClips, type TestClipsHead } from './test-clips.js';
