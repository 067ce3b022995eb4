import type { LaneRequest } from './trainer.js';

/** Memory of an idle lane: a JavaScript engine, the runtime's code and its pools. */
const laneBytes = 64 * 2 ** 20;
/** Share of the free memory that all lanes together may use. */
const memoryShare = 0.5;
/** Smaller trainings end before lanes have started, which takes some tenths of a second. */
const worthLanes = 5e10;

/**
 * Number of lanes: at most one per core and per training, as memory allows.
 *
 * @param cores of the machine
 * @param freeBytes free memory
 */
export function laneCount({ efforts, lanes, threads }: LaneRequest, cores: number, freeBytes: number): number {
  const operations = efforts.reduce((sum, effort) => sum + effort.operations, 0);
  if (lanes === undefined && operations < worthLanes) return 1;
  const largest = Math.max(0, ...efforts.map(({ bytes }) => bytes)) + laneBytes;
  const fitting = Math.floor((memoryShare * freeBytes) / largest);
  return Math.max(1, Math.min(lanes ?? threads ?? cores, efforts.length, fitting));
}
