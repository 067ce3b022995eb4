import type { LaneRequest } from './trainer.js';

/** What a lane takes on its own: a JavaScript engine, the runtime's code and its pools. */
const laneBytes = 64 * 2 ** 20;
/** The share of the free memory that lanes may take together. */
const memoryShare = 0.5;
/** Trainings of fewer operations are over before lanes have started, which takes some tenths of a second. */
const worthLanes = 5e10;

/**
 * How many lanes to train in: one a core and one a training at most, as memory allows.
 *
 * @param cores of the machine
 * @param freeBytes memory that is free
 */
export function laneCount({ efforts, lanes, threads }: LaneRequest, cores: number, freeBytes: number): number {
  const operations = efforts.reduce((sum, effort) => sum + effort.operations, 0);
  if (lanes === undefined && operations < worthLanes) return 1;
  const largest = Math.max(0, ...efforts.map(({ bytes }) => bytes)) + laneBytes;
  const fitting = Math.floor((memoryShare * freeBytes) / largest);
  return Math.max(1, Math.min(lanes ?? threads ?? cores, efforts.length, fitting));
}
