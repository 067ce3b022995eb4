import { events } from './events.js';
import type { MiniTask } from './mini-task.js';
import { pitch } from './pitch.js';
import { rhythm } from './rhythm.js';
import { scenes } from './scenes.js';

/** The mini tasks by name. */
export const miniTasks: Readonly<Record<string, MiniTask>> = { events, pitch, rhythm, scenes };
export type { MiniClip, MiniTask } from './mini-task.js';
