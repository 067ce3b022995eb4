import { isRecord, shown } from '@hearken/core/internal';
import type { SoundEvent } from '../task.js';
import { type ContentContext, readLabel, type TaskKind } from './task-kind.js';

/** Sound events: `{file: [{start, end, label}, ...]}`, in milliseconds from the clip's start. */
export const eventTask: TaskKind = {
  name: 'event',
  embeddingType: 'event',
  defaultMetrics: {
    // heareval takes either: a frame may have any number of labels.
    multiclass: ['event_onset_200ms_fms', 'segment_1s_er'],
    multilabel: ['event_onset_200ms_fms', 'segment_1s_er'],
  },
  hasLabels: true,

  readContent(content, context) {
    if (!Array.isArray(content)) throw context.fail('not a list', 'list its labels or events');
    return { labels: [], events: content.map((event) => readEvent(event, context)) };
  },
};

function readEvent(event: unknown, context: ContentContext): SoundEvent {
  const { fail } = context;
  if (!isRecord(event)) throw fail('an event that is not an object', 'give start, end (in ms) and label');
  const { start, end } = event;
  if (typeof start !== 'number' || typeof end !== 'number' || !(start >= 0) || !Number.isFinite(end)) {
    throw fail(`an event from ${shown(start)} to ${shown(end)}`, 'give start and end in ms from the start of the clip');
  }
  if (end < start)
    throw fail(`an event that ends at ${end} ms, before its start at ${start} ms`, 'swap or correct them');
  return { label: readLabel(event.label, context), start, end };
}
