export { clipTableName, readClipTable, type ClipTable } from './clip-table.node.js';
export { resolveGeneralization, type Generalization, type GeneralizationRequest } from './generalization.js';
export { pickClips } from './pick-clips.js';
export { planSplits, type PickedClips, type SplitPlan, type SplitRequest } from './plan-splits.js';
export { tooRareLabels, trainingKeys, type DrawnClip } from './training-keys.js';
