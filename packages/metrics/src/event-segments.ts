import type { SoundEvent } from './scores.js';
import type { FileEvents } from './event-scores.js';

/** sed_eval adds this to the denominator: if nothing is annotated, every insertion counts as an enormous rate. */
const EPSILON = Number.EPSILON;

/**
 * Segment-based error rate over all files (micro average), as sed_eval computes it. Time is cut into segments;
 * a label is active in each segment that one of its events touches. In every segment, with N annotated and M estimated labels,
 * min(N, M) less the common ones are substitutions, N - M deletions or M - N insertions; their sum is divided by the sum of N.
 * Source: A. Mesaros, T. Heittola, T. Virtanen, "Metrics for polyphonic sound event detection", Applied Sciences 6 (2016), section 3.1.
 *
 * @param segment length of a segment in seconds
 */
export function segmentBasedErrorRate(
  files: readonly FileEvents[],
  labels: readonly string[],
  segment: number,
): Record<'error_rate' | 'substitution_rate' | 'deletion_rate' | 'insertion_rate', number> {
  let substitutions = 0;
  let deletions = 0;
  let insertions = 0;
  let annotatedTotal = 0;
  for (const file of files) {
    for (const { length, annotated, estimated, common } of stretches(file, labels, segment)) {
      substitutions += length * (Math.min(annotated, estimated) - common);
      deletions += length * Math.max(0, annotated - estimated);
      insertions += length * Math.max(0, estimated - annotated);
      annotatedTotal += length * annotated;
    }
  }
  const denominator = annotatedTotal + EPSILON;
  const rates = [substitutions / denominator, deletions / denominator, insertions / denominator];
  return {
    error_rate: rates[0] + rates[1] + rates[2],
    substitution_rate: rates[0],
    deletion_rate: rates[1],
    insertion_rate: rates[2],
  };
}

/** Adjacent segments with the same active labels on both sides. */
interface Stretch {
  /** Number of segments in it. */
  readonly length: number;
  /** Number of labels active in the annotation, in the estimate, in both. */
  readonly annotated: number;
  readonly estimated: number;
  readonly common: number;
}

/** An event starts or stops touching segments: its label's count on one side changes by `step` at segment `at`. */
interface Change {
  readonly at: number;
  readonly side: number;
  readonly label: number;
  readonly step: number;
}

/** Goes from change to change, so that time and memory depend on the number of events and not on how late one ends. */
function* stretches(file: FileEvents, labels: readonly string[], segment: number): Generator<Stretch> {
  const labelIndex = new Map(labels.map((label, index) => [label, index]));
  const changes = [
    ...file.reference.flatMap((event) => eventChanges(event, 0, labelIndex, segment)),
    ...file.estimated.flatMap((event) => eventChanges(event, 1, labelIndex, segment)),
  ].sort((left, right) => left.at - right.at);
  const active = [new Int32Array(labels.length), new Int32Array(labels.length)];
  const counts = { annotated: 0, estimated: 0, common: 0 };
  for (const [index, change] of changes.entries()) {
    const { label } = change;
    const before = [active[0][label] > 0, active[1][label] > 0];
    active[change.side][label] += change.step;
    const after = [active[0][label] > 0, active[1][label] > 0];
    counts.annotated += Number(after[0]) - Number(before[0]);
    counts.estimated += Number(after[1]) - Number(before[1]);
    counts.common += Number(after[0] && after[1]) - Number(before[0] && before[1]);
    const next = changes.at(index + 1);
    if (next !== undefined && next.at > change.at) yield { length: next.at - change.at, ...counts };
  }
}

function eventChanges(
  event: SoundEvent,
  side: number,
  labelIndex: ReadonlyMap<string, number>,
  segment: number,
): Change[] {
  const label = labelIndex.get(event.label);
  if (label === undefined) return [];
  const first = Math.max(0, Math.floor(event.start / 1000 / segment));
  const end = Math.max(first, Math.ceil(event.end / 1000 / segment));
  return [
    { at: first, side, label, step: 1 },
    { at: end, side, label, step: -1 },
  ];
}
