import type { LaneProgram } from '../../../src/evaluation/lanes/worker-lane.node.js';

/** The lane as its sources have it, in a thread that takes TypeScript. */
export const sourceProgram: LaneProgram = {
  url: new URL('../../../src/evaluation/lanes/lane-worker.node.ts', import.meta.url),
  execArgv: [
    '--conditions=@hearken/source',
    '--import',
    new URL('../../../../../scripts/typescript-sources.mjs', import.meta.url).href,
  ],
};
