import type { Target } from '../engine/target.js';
import { audioTargets } from './audio.js';
import { campaignTargets } from './campaigns.js';
import { checkpointTargets } from './checkpoints.js';
import { ecgTargets } from './ecg.js';
import { resultTargets } from './results.js';
import { taskTargets } from './tasks.js';

/** All readers of untrusted input. */
export const targets: readonly Target[] = [
  ...audioTargets,
  ...ecgTargets,
  ...checkpointTargets,
  ...taskTargets,
  ...resultTargets,
  ...campaignTargets,
];
