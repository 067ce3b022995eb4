export * from './hear-tasks.js';
export * from './normalized-score.js';
export { leaderboard, leaderboardTasks, type LeaderboardRow } from './generated/leaderboard.js';
export * from './download/download-file.node.js';
export * from './download/get-tasks.node.js';
export * from './download/task-locations.js';
