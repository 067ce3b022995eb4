/** What Hearken's other packages use of this one. Not a public interface: names change without notice. */
export { contentLine, contentPaths } from './content-paths.js';
export { csvLine } from './datasets/csv-line.js';
export { embeddingTypes, findTaskKind, predictionTypes, taskKind } from './kinds/registry.js';
export { leaderboard, leaderboardTasks, type LeaderboardRow } from './hear-benchmark/generated/leaderboard.js';
export { type LabelMap, matchLabels, parseLabelMap } from './label-map.js';
export { parseLabelNames } from './label-names.js';
export { chooseMiniTasks, type ChosenMiniTask } from './mini/choose-mini-tasks.js';
export { areTooFewGroups, groupNoun, tooFewGroups, tooFewText } from './subsets/few-groups.js';
export { resolveGeneralization, type Generalization } from './subsets/generalization.js';
export { planSplits, type SplitPlan } from './subsets/plan-splits.js';
