/** What Hearken's other packages use of this one on Node.js. Not a public interface: names change without notice. */
export { readStoredClip } from './clips.node.js';
export { makeMiniTaskFolders } from './mini/make-mini-tasks.node.js';
export { readClipTable } from './subsets/clip-table.node.js';
export type { ClipTable } from './subsets/clip-table.js';
export { checkDividedGroups, groupCounts, type GroupCounts } from './subsets/divided-groups.js';
export { unpackArchive } from './unpack-archive.node.js';
