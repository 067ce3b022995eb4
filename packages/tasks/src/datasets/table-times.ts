import { TaskError } from '@hearken/core';
import type { SoundEvent } from '../task.js';
import type { ClipContent } from './dataset.js';
import type { SplitClip } from './generic-task.js';
import { numberIn, type TableRow } from './parse-table.js';
import type { TimeColumns } from './table-columns.js';

/** In seconds from the start of the recording. */
export interface Times {
  readonly start: number;
  readonly end: number;
}

/**
 * When the event of a row begins and ends; undefined if both cells are empty.
 *
 * @throws TaskError naming the line
 */
export function timesIn(row: TableRow, { start, end }: TimeColumns): Times | undefined {
  if (row.get(start.name) === '' && row.get(end.name) === '') return undefined;
  const begins = numberIn(row, start.name) * start.seconds;
  const ends = numberIn(row, end.name) * end.seconds + (end.isDuration ? begins : 0);
  if (begins >= 0 && ends > begins) return { start: begins, end: ends };
  throw row.fail(
    `${start.name} ${row.get(start.name)} and ${end.name} ${row.get(end.name)}`,
    'write a start of 0 or more, and an end after it',
  );
}

/** A row: one statement about a clip. */
export interface TimedRow {
  readonly row: TableRow;
  readonly clip: SplitClip;
  readonly times: Times | undefined;
}

/**
 * Joins the rows of each recording into one clip with its events. A row without times and label means that nothing
 * happens in its recording.
 *
 * @throws TaskError if rows of a recording disagree about its group or split
 */
export function eventClips(rows: readonly TimedRow[]): { clips: SplitClip[]; differing: readonly string[] } {
  const bySource = new Map<string, { first: TimedRow; metadata: Record<string, string>; events: SoundEvent[] }>();
  const differing = new Set<string>();
  for (const timed of rows) {
    const { row, clip, times } = timed;
    const known = bySource.get(clip.clip.source) ?? { first: timed, metadata: { ...clip.clip.metadata }, events: [] };
    bySource.set(clip.clip.source, known);
    checkSame(timed, known.first);
    for (const [name, value] of Object.entries(clip.clip.metadata)) {
      if (known.metadata[name] === value) continue;
      differing.add(name);
      known.metadata[name] = '';
    }
    known.events.push(...eventsOf(row, clip.content, times));
  }
  const clips = [...bySource.values()].map(({ first: { clip }, metadata, events }): SplitClip => {
    const lasts = events.reduce((most, { end }) => Math.max(most, end / 1000), 0);
    // Columns that belong to single events say nothing about the whole clip.
    const own = Object.fromEntries(Object.entries(metadata).filter(([name]) => !differing.has(name)));
    return { ...clip, clip: { ...clip.clip, metadata: own, annotatedTo: lasts }, content: events };
  });
  return { clips, differing: [...differing] };
}

function checkSame({ row, clip }: TimedRow, { row: before, clip: first }: TimedRow): void {
  const pairs = [
    ['group', clip.clip.group, first.clip.group],
    ['split', clip.split, first.split],
  ];
  const other = pairs.find(([, one, same]) => one !== same);
  if (other === undefined) return;
  const [what, one, same] = other;
  throw new TaskError({
    asked: `${what} of '${clip.clip.source}' in ${row.place}`,
    found: `'${one}', and '${same}' in line ${before.line}`,
    fix: 'write the same in all rows of a recording',
  });
}

function eventsOf(row: TableRow, content: ClipContent, times: Times | undefined): SoundEvent[] {
  const labels = content as readonly string[];
  if (times === undefined) {
    if (labels.length === 0) return [];
    throw row.fail(`'${labels.join(', ')}' without times`, 'write when it begins and ends');
  }
  if (labels.length === 0) throw row.fail('times without a label', 'write what happens then');
  // Rounded to the microsecond: products of decimal numbers have more digits than were written.
  const milliseconds = (value: number) => Math.round(value * 1e6) / 1e3;
  return labels.map((label) => ({ label, start: milliseconds(times.start), end: milliseconds(times.end) }));
}
