export * from './aggregate.js';
export {
  collectScores,
  followsProtocol,
  isOfProtocol,
  type CollectedScores,
  type ResultAt,
  type ResultSelection,
} from './collect-scores.node.js';
export { asksFor, folderText, isFolder, tasksOf } from './protocol.js';
export type { Aggregation, Protocol, ProtocolGroup, ProtocolTask } from './protocol.js';
export { protocolByName, protocols } from './registry.js';
