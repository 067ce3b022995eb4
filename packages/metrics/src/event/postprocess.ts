import { EmbedderError, OptionError } from '@hearken/core';
import type { SoundEvent } from '../scores.js';

/** A probe's answers for one file over time. */
export interface FramePredictions {
  /** Window centres in ms, ascending: `[t]`. */
  readonly timestamps: ArrayLike<number>;
  /** Probabilities, row-major `[t, labels]`. */
  readonly predictions: ArrayLike<number>;
  /** Labels in vocabulary order. */
  readonly labels: readonly string[];
}

/** How frames become events; one point of HEAR's `event_postprocessing_grid`. */
export interface EventPostprocessing {
  /** Length in ms of the median filter over time; 0 for none. */
  readonly medianFilter: number;
  /** Minimum length in ms of an event, from the first frame's timestamp to the last one's. */
  readonly minimumDuration: number;
  /** A frame is active if its probability is above this; default: 0.5. */
  readonly threshold?: number;
}

/**
 * The events of one file: median filter, threshold, joining of adjacent active frames, removal of short events; sorted
 * by start, then in vocabulary order. heareval's `create_events_from_prediction`.
 *
 * @throws EmbedderError if timestamps do not ascend or sizes disagree, OptionError for settings that are not lengths
 */
export function eventsFromPredictions(frames: FramePredictions, settings: EventPostprocessing): SoundEvent[] {
  checkFrames(frames);
  checkSettings(settings);
  const { timestamps, labels } = frames;
  const filterWidth = medianFilterWidth(timestamps, settings.medianFilter);
  const events: SoundEvent[] = [];
  for (let label = 0; label < labels.length; label += 1) {
    const active = medianOfActivity(frameActivity(frames, label, settings.threshold ?? 0.5), filterWidth);
    for (let first = active.indexOf(1); first >= 0;) {
      const end = active.indexOf(0, first);
      const last = (end < 0 ? active.length : end) - 1;
      const event = { label: labels[label], start: timestamps[first], end: timestamps[last] };
      if (event.end - event.start >= settings.minimumDuration) events.push(event);
      first = active.indexOf(1, last + 1);
    }
  }
  return events.sort((left, right) => left.start - right.start);
}

/**
 * The filter's length in frames: the nearest whole number of mean timestamp steps; halves are rounded to even, as in
 * Python.
 */
function medianFilterWidth(timestamps: ArrayLike<number>, milliseconds: number): number {
  if (timestamps.length < 2) return 0;
  const step = (timestamps[timestamps.length - 1] - timestamps[0]) / (timestamps.length - 1);
  const frames = milliseconds / step;
  const below = Math.floor(frames);
  const rest = frames - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

/** 1 if the label's probability is above the threshold: `[t]`. */
function frameActivity(
  { timestamps, predictions, labels }: FramePredictions,
  label: number,
  threshold: number,
): Uint8Array {
  return Uint8Array.from(timestamps, (_, frame) => Number(predictions[frame * labels.length + label] > threshold));
}

/**
 * SciPy's `median_filter` with `reflect` borders, on activity instead of probabilities: thresholding and sorting
 * commute, so the median of a window is above the threshold if enough of its frames are. For even widths, SciPy takes
 * the upper median and has one frame more before the window's centre than after it. Sums over the endlessly mirrored
 * signal come from one running sum, so the cost does not depend on the width.
 */
function medianOfActivity(activity: Uint8Array, width: number): Uint8Array {
  if (width < 2) return activity;
  const length = activity.length;
  const period = 2 * length;
  const sums = new Float64Array(period + 1);
  for (let index = 0; index < period; index += 1) {
    sums[index + 1] = sums[index] + activity[index < length ? index : period - 1 - index];
  }
  const sumBefore = (position: number) => {
    const periods = Math.floor(position / period);
    return periods * sums[period] + sums[position - periods * period];
  };
  const before = Math.floor(width / 2);
  return activity.map((_, index) => {
    const start = index - before;
    return Number(sumBefore(start + width) - sumBefore(start) >= width - before);
  });
}

function checkFrames({ timestamps, predictions, labels }: FramePredictions): void {
  if (predictions.length !== timestamps.length * labels.length) {
    throw new EmbedderError({
      asked: `predictions [${timestamps.length}, ${labels.length}] for events`,
      found: `${predictions.length} values`,
      fix: 'pass one value for every timestamp and label',
    });
  }
  for (let index = 0; index < timestamps.length; index += 1) {
    if (Number.isFinite(timestamps[index]) && (index === 0 || timestamps[index] > timestamps[index - 1])) continue;
    throw new EmbedderError({
      asked: 'ascending timestamps in ms for events',
      found: `${timestamps[index]} at ${index}${index === 0 ? '' : ` after ${timestamps[index - 1]}`}`,
      fix: "sort the file's frames by time, each timestamp once",
    });
  }
}

function checkSettings(settings: EventPostprocessing): void {
  for (const name of ['medianFilter', 'minimumDuration'] as const) {
    if (Number.isFinite(settings[name]) && settings[name] >= 0) continue;
    throw new OptionError({
      asked: `event postprocessing with ${name} in ms`,
      found: String(settings[name]),
      fix: 'pass a number, 0 or more',
    });
  }
}
