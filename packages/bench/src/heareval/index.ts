export * from './embed-task-folder.node.js';
export * from './embedding-files.js';
export * from './pickle-writer.js';
export * from './predict-folder.node.js';
export * from './predicted-scores.js';
export * from './python-random.js';
export * from './read-embedding-folder.node.js';
