import type { Shard } from '@hearken/artifacts';
import type { SizedShard } from '@hearken/bench/jobs';

/** How long a job that computes embeddings should take: long enough to be worth its overhead, short enough to be lost. */
const runSeconds = 60;

/**
 * Divides shards into runs of consecutive ones that take about a minute each. Only jobs follow from this, not what is
 * stored: the shards stay as they are.
 *
 * @param secondsPerByte what the model takes for each byte of a clip's file; undefined if unknown: then a shard is a run
 * @param mostRuns there are no more runs than this; the rest is left for later
 */
export function embedRuns(
  shards: readonly SizedShard[],
  secondsPerByte: number | undefined,
  mostRuns: number,
): Shard[][] {
  const runs: Shard[][] = [];
  let seconds = Number.POSITIVE_INFINITY;
  for (const { bytes, ...shard } of shards) {
    const more = secondsPerByte === undefined ? runSeconds : bytes * secondsPerByte;
    if (seconds + more > runSeconds) {
      if (runs.length === mostRuns) break;
      runs.push([]);
      seconds = 0;
    }
    runs[runs.length - 1].push(shard);
    seconds += more;
  }
  return runs;
}
