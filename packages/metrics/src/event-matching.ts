import type { SoundEvent } from './scores.js';
import type { FileEvents } from './event-scores.js';

/** How far an estimated event may differ from the annotated one. */
export interface EventTolerance {
  /** Seconds between the onsets, and between the offsets if those count. */
  readonly collar: number;
  /**
   * If offsets count: the share of the annotated length by which they may also differ. Undefined: only onsets count.
   */
  readonly offsetShareOfLength?: number;
}

/**
 * Event-based F-measure, precision and recall over all files and labels together (micro average), as sed_eval computes
 * them: an estimated event is correct if it is paired with an annotated one of the same label within the tolerance, and
 * the pairing has as many pairs as possible. NaN for precision without estimated events, for recall without annotated
 * ones, and then for the F-measure. Source: A. Mesaros, T. Heittola, T. Virtanen, "Metrics for polyphonic sound event
 * detection", Applied Sciences 6 (2016), section 3.2.
 */
export function eventBasedScores(
  files: readonly FileEvents[],
  tolerance: EventTolerance,
): { f_measure: number; precision: number; recall: number } {
  let paired = 0;
  let annotated = 0;
  let estimated = 0;
  for (const file of files) {
    annotated += file.reference.length;
    estimated += file.estimated.length;
    paired += largestPairing(candidates(file, tolerance), file.estimated.length);
  }
  const precision = paired / estimated;
  const recall = paired / annotated;
  const harmonicMean = (2 * precision * recall) / (precision + recall);
  return { f_measure: precision === 0 && recall === 0 ? 0 : harmonicMean, precision, recall };
}

/** For every annotated event, the indices of the estimated ones that may be paired with it. */
function candidates({ reference, estimated }: FileEvents, tolerance: EventTolerance): number[][] {
  const indicesByLabel = new Map<string, number[]>();
  for (const [index, { label }] of estimated.entries()) {
    const indices = indicesByLabel.get(label);
    if (indices === undefined) indicesByLabel.set(label, [index]);
    else indices.push(index);
  }
  return reference.map((annotated) =>
    (indicesByLabel.get(annotated.label) ?? []).filter((index) => isWithin(annotated, estimated[index], tolerance)),
  );
}

function isWithin(annotated: SoundEvent, estimated: SoundEvent, tolerance: EventTolerance): boolean {
  // Converted to seconds before the subtraction, as in sed_eval: it matters exactly at the tolerance.
  if (Math.abs(annotated.start / 1000 - estimated.start / 1000) > tolerance.collar) return false;
  if (tolerance.offsetShareOfLength === undefined) return true;
  const length = annotated.end / 1000 - annotated.start / 1000;
  const allowed = Math.max(tolerance.collar, tolerance.offsetShareOfLength * length);
  return Math.abs(annotated.end / 1000 - estimated.end / 1000) <= allowed;
}

/** The size of a maximum one-to-one pairing, by augmenting paths (H. W. Kuhn, 1955), each found breadth-first. */
function largestPairing(choices: readonly (readonly number[])[], rightCount: number): number {
  const partnerOfRight = new Int32Array(rightCount).fill(-1);
  const partnerOfLeft = new Int32Array(choices.length).fill(-1);
  let pairs = 0;
  for (let start = 0; start < choices.length; start += 1) {
    const reachedFrom = new Int32Array(rightCount).fill(-1);
    const queue = [start];
    let free = -1;
    for (let head = 0; head < queue.length && free < 0; head += 1) {
      const left = queue[head];
      for (const right of choices[left]) {
        if (reachedFrom[right] >= 0) continue;
        reachedFrom[right] = left;
        if (partnerOfRight[right] < 0) {
          free = right;
          break;
        }
        queue.push(partnerOfRight[right]);
      }
    }
    if (free < 0) continue;
    pairs += 1;
    // Flip the path: each right node on it is paired with the left node that it was reached from.
    for (let right = free; right >= 0;) {
      const left = reachedFrom[right];
      const next = partnerOfLeft[left];
      partnerOfRight[right] = left;
      partnerOfLeft[left] = right;
      right = next;
    }
  }
  return pairs;
}
