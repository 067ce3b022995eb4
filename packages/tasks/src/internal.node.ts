/** What Hearken's packages share of this one on Node.js. Not for others: names here change without notice. */
export { readStoredClip } from './clips.node.js';
export { makeMiniTaskFolders } from './mini/make-mini-tasks.node.js';
export { readClipTable, type ClipTable } from './subsets/clip-table.node.js';
export { checkDividedGroups, groupCounts, type GroupCounts } from './subsets/divided-groups.js';
export { resolveGeneralization, type Generalization } from './subsets/generalization.js';
export { planSplits, type SplitPlan } from './subsets/plan-splits.js';
export { unpackArchive } from './unpack-archive.node.js';
