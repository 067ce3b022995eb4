import { indicesOf, type WeightedMetric } from '../intervals/weighted-metric.js';
import type { EventMetric } from '../metric.js';
import type { SoundEvent } from '../scores.js';
import type { EventAnswers } from './answers.js';
import type { ScoringKind } from './kind.js';

/** Sound events. An undefined score (for example, no event was found) counts as 0, as in heareval. */
export const eventKind: ScoringKind<EventAnswers, EventMetric> = {
  subject: 'a metric for sound events',
  hasRowPerClip: false,
  predictsProbabilities: true,

  score: (metric, answers, labels) => metric.compute(allScores(answers, labels)) ?? 0,
  weighted: (metric, answers, labels) => weightedEventMetric(metric, fileAnswers(answers), labels),
  pooled: (metric, first, second, labels) =>
    weightedEventMetric(metric, [...fileAnswers(first), ...fileAnswers(second)], labels),
  share: () => undefined,
  undefinedBecause(metric, answers, labels) {
    if (answers.reference.every((events) => events.length === 0)) return 'no file has an annotated event';
    return metric.compute(allScores(answers, labels)) === null ? 'no event was detected' : undefined;
  },
  chance(metric, { reference }, constant, labels) {
    const always = labels.filter((_, label) => constant[label] > 0.5);
    const estimated = reference.map((events) => {
      const end = Math.max(0, ...events.map((event) => event.end));
      return always.map((label) => ({ label, start: 0, end }));
    });
    return metric.compute(allScores({ reference, estimated }, labels)) ?? 0;
  },
  parts: (metric, answers, labels) => metric.details(allScores(answers, labels)),
  perfectSize: (_, { clips }) => clips.length,

  areFinite: () => true,
  haveSameReference: (first, second) => JSON.stringify(first.reference) === JSON.stringify(second.reference),
  byteLength({ clips, reference, estimated }) {
    const events = [...reference, ...estimated].reduce((sum, listed) => sum + listed.length, 0);
    return 64 * (clips.length + events);
  },
};

function allScores(answers: Pick<EventAnswers, 'reference' | 'estimated'>, labels: readonly string[]) {
  const files = fileAnswers(answers);
  return eventScores(files, labels, [...files.keys()]);
}

/** Each clip's events in parallel arrays. */
function fileAnswers({ reference, estimated }: Pick<EventAnswers, 'reference' | 'estimated'>): FileAnswer[] {
  return reference.map((events, clip) => ({ reference: events, estimated: estimated[clip] }));
}

/** The events of one file: annotated ones, and those that a model found. */
export interface FileAnswer {
  readonly reference: readonly SoundEvent[];
  readonly estimated: readonly SoundEvent[];
}

/** A metric of the events of files on weighted files; undefined counts as 0, as in heareval. */
export function weightedEventMetric(
  metric: EventMetric,
  files: readonly FileAnswer[],
  labels: readonly string[],
): WeightedMetric {
  const compute = (indices: ArrayLike<number>) => metric.compute(eventScores(files, labels, indices)) ?? 0;
  const counts = pairingCounts(metric, files, labels);
  if (counts !== undefined) {
    return { count: files.length, cost: 3 * files.length, score: (weights) => pairingScore(counts, weights) };
  }
  const events = files.reduce((sum, { reference, estimated }) => sum + reference.length + estimated.length, 0);
  return { count: files.length, cost: 300 * (events + files.length), score: (weights) => compute(indicesOf(weights)) };
}

/** The metric's input for the files at `indices`, which may occur more than once. */
export function eventScores(files: readonly FileAnswer[], labels: readonly string[], indices: ArrayLike<number>) {
  const names = Array.from(indices, (_, draw) => String(draw));
  const pick = (side: keyof FileAnswer) => new Map(names.map((name, draw) => [name, files[indices[draw]][side]]));
  return { reference: pick('reference'), estimated: pick('estimated'), labels };
}

/** For each file, the number of pairs of annotated and estimated events, and of either kind. */
interface PairingCounts {
  readonly paired: Float64Array;
  readonly annotated: Float64Array;
  readonly estimated: Float64Array;
}

/**
 * The counts behind an F-measure over all files together, computed from each file's precision; undefined for other
 * metrics. Events are paired within files, so that the counts of several files can be added.
 */
function pairingCounts(
  metric: EventMetric,
  files: readonly FileAnswer[],
  labels: readonly string[],
): PairingCounts | undefined {
  const empty = () => new Float64Array(files.length);
  const counts = { paired: empty(), annotated: empty(), estimated: empty() };
  for (const [index, { reference, estimated }] of files.entries()) {
    const { f_measure: score, precision } = metric.details(eventScores(files, labels, [index]));
    if (score === undefined || precision === undefined) return undefined;
    counts.paired[index] = Math.round((precision ?? 0) * estimated.length);
    counts.annotated[index] = reference.length;
    counts.estimated[index] = estimated.length;
  }
  return counts;
}

function pairingScore({ paired, annotated, estimated }: PairingCounts, weights: Uint16Array): number {
  let pairs = 0;
  let found = 0;
  let wanted = 0;
  for (let file = 0; file < weights.length; file += 1) {
    pairs += weights[file] * paired[file];
    found += weights[file] * estimated[file];
    wanted += weights[file] * annotated[file];
  }
  // Without events on one side the measure is undefined, which counts as 0.
  return found === 0 || wanted === 0 ? 0 : (2 * pairs) / (found + wanted);
}
