import { harnessVersion } from '../result/harness-version.js';
import { type Profile, profileVersion } from './profile-schema.js';

/** What is measured in one process. */
export type MeasuredProcess = Pick<
  Profile,
  | 'model'
  | 'machine'
  | 'clipSeconds'
  | 'clips'
  | 'loadSeconds'
  | 'realTimeFactor'
  | 'peakMemoryBytes'
  | 'idleMemoryBytes'
>;

/**
 * The profile of a model from several processes that measured it: the medians.
 *
 * @param processes at least one
 * @param now when they had ended
 */
export function makeProfile(processes: readonly MeasuredProcess[], now: Date): Profile {
  const [{ model, machine, clipSeconds }] = processes;
  const runs = processes.map(({ loadSeconds, realTimeFactor, peakMemoryBytes, idleMemoryBytes }) => ({
    loadSeconds,
    realTimeFactor,
    peakMemoryBytes,
    idleMemoryBytes,
  }));
  return {
    profileVersion,
    hearken: harnessVersion,
    model,
    clipSeconds,
    clips: Math.min(...processes.map(({ clips }) => clips)),
    loadSeconds: median(runs.map((run) => run.loadSeconds)),
    realTimeFactor: median(runs.map((run) => run.realTimeFactor)),
    peakMemoryBytes: Math.round(median(runs.map((run) => run.peakMemoryBytes))),
    idleMemoryBytes: Math.round(median(runs.map((run) => run.idleMemoryBytes))),
    runs,
    machine,
    measuredAt: now.toISOString(),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  return Number.isInteger(middle) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[Math.floor(middle)];
}
