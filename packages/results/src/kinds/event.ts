import type { SoundEvent } from '@hearken/metrics';
import type { EventAnswers } from '@hearken/metrics/internal';
import { isFiniteNumber, isIndex, isListOf } from '../answers/line-checks.js';
import type { StoredKind } from './stored-kind.js';

/** An event as `[start, end, label]`: start and end in ms from the start of the clip, and the label's index. */
export type ListedEvent = readonly [start: number, end: number, label: number];

/** The events of a clip. */
export interface EventEntry {
  /** The annotated events. */
  readonly reference: readonly ListedEvent[];
  /** The detected events. */
  readonly estimated: readonly ListedEvent[];
}

export const storedEvents: StoredKind<EventAnswers, EventEntry> = {
  shared: () => ({}),
  isShared: () => true,

  entries({ clips, reference, estimated }, labels) {
    const indexOf = new Map(labels.map((label, index) => [label, index]));
    const listed = ({ start, end, label }: SoundEvent): ListedEvent => [start, end, indexOf.get(label)!];
    return clips.map((_, clip) => ({
      reference: reference[clip].map(listed),
      estimated: estimated[clip].map(listed),
    }));
  },
  isEntry({ reference, estimated }, labels) {
    const isEvent = (value: unknown) => {
      if (!Array.isArray(value) || value.length !== 3) return false;
      const [start, end, label] = value as unknown[];
      return isFiniteNumber(start) && isFiniteNumber(end) && start <= end && isIndex(label, labels);
    };
    return isListOf(reference, isEvent) && isListOf(estimated, isEvent);
  },

  answers(clips, entries, { labels }) {
    const events = (listed: readonly ListedEvent[]) =>
      listed.map(([start, end, label]) => ({ start, end, label: labels[label] }));
    return {
      ...clips,
      kind: 'event',
      reference: entries.map(({ reference }) => events(reference)),
      estimated: entries.map(({ estimated }) => events(estimated)),
    };
  },
  ofSeed: () => undefined,

  isRight({ reference }, index, clip) {
    const sorted = (events: readonly SoundEvent[]) =>
      JSON.stringify(events.map(({ start, end, label }) => [start, end, label]).sort());
    return sorted(reference[index]) === sorted(clip.events);
  },
};
