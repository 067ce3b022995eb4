import { TaskError, didYouMean } from '@hearken/core';
import type { SoundEvent, EventScores } from './scores.js';
import { definedOrNull } from './statistics/summary.js';
import type { EventMetric, MetricDescription } from './metric.js';

/** The events of one file. */
export interface FileEvents {
  readonly reference: readonly SoundEvent[];
  readonly estimated: readonly SoundEvent[];
}

/**
 * Completes an event metric: checks the events, and returns null for undefined scores. `score` names the part that is
 * the score.
 */
export function eventMetric(
  description: MetricDescription & { readonly score: string },
  measure: (files: readonly FileEvents[], labels: readonly string[]) => Readonly<Record<string, number>>,
): EventMetric {
  const { score, ...rest } = description;
  const details: EventMetric['details'] = (scores) => {
    const files = eventFiles(scores);
    for (const file of files) {
      checkEvents(rest.name, file.reference, scores.labels);
      checkEvents(rest.name, file.estimated, scores.labels);
    }
    const parts = Object.entries(measure(files, scores.labels));
    return Object.fromEntries(parts.map(([name, value]) => [name, definedOrNull(value)]));
  };
  return { ...rest, kind: 'event', details, compute: (scores) => details(scores)[score] };
}

/** The scores of the files in `names`, in that order; a name may occur more than once, as a bootstrap needs it. */
export function selectFiles(scores: EventScores, names: readonly string[]): EventScores {
  const pick = (events: ReadonlyMap<string, readonly SoundEvent[]>) =>
    new Map(names.map((name, draw) => [`${draw} ${name}`, events.get(name) ?? []]));
  return { reference: pick(scores.reference), estimated: pick(scores.estimated), labels: scores.labels };
}

function eventFiles({ reference, estimated }: EventScores): FileEvents[] {
  const names = new Set([...reference.keys(), ...estimated.keys()]);
  return Array.from(names, (name) => ({
    reference: reference.get(name) ?? [],
    estimated: estimated.get(name) ?? [],
  }));
}

function checkEvents(metric: string, events: readonly SoundEvent[], labels: readonly string[]): void {
  for (const { label, start, end } of events) {
    if (!labels.includes(label)) {
      throw new TaskError({
        asked: `${metric} of events with labels from the vocabulary`,
        found: `label '${label}'`,
        fix: `${didYouMean(label, labels)}use the labels of the task's label vocabulary`,
      });
    }
    if (!(Number.isFinite(start) && Number.isFinite(end) && end >= start)) {
      throw new TaskError({
        asked: `${metric} of events with start and end in ms`,
        found: `an event '${label}' from ${start} to ${end}`,
        fix: 'pass finite times, the end not before the start',
      });
    }
  }
}
