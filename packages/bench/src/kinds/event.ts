import { TaskError } from '@hearken/core';
import {
  type EventPostprocessing,
  type EventScores,
  eventsFromPredictions,
  type Metric,
  type SoundEvent,
} from '@hearken/metrics';
import type { Clip, TaskMetadata } from '@hearken/tasks';
import type { EmbeddedSplit } from '../embeddings/embedded-split.js';
import type { Scoring } from '../probes/probe.js';
import { probeOutput } from '../probes/outputs/registry.js';
import type { Rows } from '../probes/rows.js';
import type { EvaluationKind, LabelledTask } from './evaluation-kind.js';
import { indexByLabel } from './label-index.js';
import { metricsOfKind } from './task-metrics.js';

/** heareval lets an event last a little longer than its end, so that a timestamp exactly at the end counts: in ms. */
const endMargin = 0.0001;

/** Whether an event covers a timestamp, as heareval decides it; all times in ms. */
export function coversTime({ start, end }: SoundEvent, time: number): boolean {
  return start <= time && time < end + endMargin;
}

/** Sound events. */
export const eventEvaluation: EvaluationKind = {
  targets: (clips, labels, { clipOf, timestamps = new Float64Array() }) => ({
    targets: eventTargets(clips, labels, clipOf, timestamps),
    events: clips.map(({ events }) => events),
  }),
  scoring: eventScoring,
  rightAnswers: (rows) => rows.targets(),
  answers({ labels }, rows, { predictions, decision }) {
    const postprocessing = postprocessingOf(decision);
    if (postprocessing === undefined) return undefined;
    const events = estimatedEvents(predictions, rows, labels, postprocessing);
    const clips = rows.splits.flatMap(({ clipNames }) => clipNames);
    return {
      kind: 'event',
      reference: rows.splits.flatMap((split) => split.clipNames.map((_, clip) => split.events?.[clip] ?? [])),
      estimated: clips.map((clip) => events.get(clip) ?? []),
    };
  },
  warnings: () => [],
};

/**
 * Labels of frames, as in heareval: a frame has the labels of the events that cover its timestamp, `start <= t < end +
 * 0.0001` in ms.
 *
 * @param clipOf index of each row's clip
 * @param timestamps each row's window centre in ms
 * @returns `[rows, labels]`
 */
export function eventTargets(
  clips: readonly Clip[],
  labels: readonly string[],
  clipOf: Uint32Array,
  timestamps: Float64Array,
): Uint8Array {
  const indexOf = indexByLabel(labels);
  const targets = new Uint8Array(timestamps.length * labels.length);
  for (let row = 0; row < timestamps.length; row += 1) {
    const clip = clips[clipOf[row]];
    for (const event of clip.events) {
      if (coversTime(event, timestamps[row])) targets[row * labels.length + indexOf(event.label, clip)] = 1;
    }
  }
  return targets;
}

/** How a fold's predictions were turned into events; undefined if the fold does not say. */
export function postprocessingOf(decision: unknown): EventPostprocessing | undefined {
  return typeof decision === 'object' && decision !== null && 'medianFilter' in decision
    ? (decision as EventPostprocessing)
    : undefined;
}

/** heareval's default: a median filter of 250 ms, and events of at least 125 or 250 ms. */
const defaultGrid = { median_filter_ms: [250], min_duration: [125, 250] };

/**
 * Scores of sound events. At each validation check, every post-processing of the grid is tried with the task's first
 * metric; the best one (if several are equal, the longer filter, then the longer duration, as heareval sorts them) is
 * stored with that check's parameters and applied to the test split unchanged.
 */
function eventScoring(
  { metadata, labels }: LabelledTask,
  custom: readonly Metric[] = [],
): Scoring<EventPostprocessing> {
  const metrics = metricsOfKind(metadata, 'event', custom);
  const deciding = metrics[0];
  const grid = postprocessingGrid(metadata);
  const scored = (probabilities: Float32Array, rows: Rows, postprocessing: EventPostprocessing): EventScores => ({
    reference: referenceEvents(rows),
    estimated: estimatedEvents(probabilities, rows, labels, postprocessing),
    labels,
  });
  return {
    validation(rows) {
      if (!metadata.useScoringForEarlyStopping) {
        const targets = rows.targets();
        return {
          maximize: false,
          score: ({ logits }) => ({
            score: probeOutput(metadata).meanLoss(logits, targets, labels.length),
            decision: grid[0],
          }),
        };
      }
      return {
        maximize: deciding.maximize,
        score({ probabilities }) {
          let best: { score: number; decision: EventPostprocessing } | undefined;
          for (const decision of grid) {
            // heareval counts an undefined score (for example, no predicted events) as 0.
            const score = deciding.compute(scored(probabilities, rows, decision)) ?? 0;
            const better = best === undefined || (deciding.maximize ? score > best.score : score < best.score);
            if (better) best = { score, decision };
          }
          return best!;
        },
      };
    },
    test({ probabilities }, rows, decision) {
      const scores = scored(probabilities, rows, decision);
      return Object.fromEntries(metrics.map((metric) => [metric.name, metric.compute(scores) ?? 0]));
    },
  };
}

/** The grid's points, those that win a tie first. */
function postprocessingGrid(metadata: TaskMetadata): EventPostprocessing[] {
  const given = metadata.evaluationParams.event_postprocessing_grid as Partial<typeof defaultGrid> | undefined;
  const axis = (key: keyof typeof defaultGrid): number[] => {
    const values: unknown = given === undefined ? defaultGrid[key] : given[key];
    if (
      Array.isArray(values) &&
      values.length > 0 &&
      values.every((value) => typeof value === 'number' && value >= 0)
    ) {
      return (values as number[]).toSorted((left, right) => right - left);
    }
    throw new TaskError({
      asked: `evaluation_params.event_postprocessing_grid.${key} of task '${metadata.taskName}'`,
      found: JSON.stringify(values) ?? 'nothing',
      fix: 'list one or more lengths in ms, such as [250]',
    });
  };
  return axis('median_filter_ms').flatMap((medianFilter) =>
    axis('min_duration').map((minimumDuration) => ({ medianFilter, minimumDuration })),
  );
}

function referenceEvents(rows: Rows): Map<string, readonly SoundEvent[]> {
  const reference = new Map<string, readonly SoundEvent[]>();
  for (const split of rows.splits) {
    split.clipNames.forEach((name, clip) => reference.set(name, split.events?.[clip] ?? []));
  }
  return reference;
}

/** The events of each clip made from the predictions for its rows, `[rows.count, labels]`. */
function estimatedEvents(
  probabilities: Float32Array,
  rows: Rows,
  labels: readonly string[],
  postprocessing: EventPostprocessing,
): Map<string, readonly SoundEvent[]> {
  const estimated = new Map<string, readonly SoundEvent[]>();
  let offset = 0;
  for (const split of rows.splits) {
    for (const { clip, start, end } of clipFrames(split)) {
      const predictions = probabilities.subarray((offset + start) * labels.length, (offset + end) * labels.length);
      const timestamps = split.timestamps!.subarray(start, end);
      const frames = { timestamps, predictions, labels };
      estimated.set(split.clipNames[clip], eventsFromPredictions(frames, postprocessing));
    }
    offset += split.count;
  }
  return estimated;
}

/** The rows of each clip, which are consecutive and in order of time. */
function* clipFrames(split: EmbeddedSplit): Generator<{ clip: number; start: number; end: number }> {
  let start = 0;
  while (start < split.count) {
    const clip = split.clipOf[start];
    let end = start + 1;
    while (end < split.count && split.clipOf[end] === clip) end += 1;
    yield { clip, start, end };
    start = end;
  }
}
