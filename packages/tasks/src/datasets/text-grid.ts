import { TaskError } from '@hearken/core';

/** A labelled interval, in seconds. */
export interface Interval {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The intervals of a Praat TextGrid in the long text format, from all interval tiers; empty ones are left out.
 *
 * @param text the file's content
 * @param path the file's name in errors
 * @throws TaskError naming the line
 */
export function parseTextGrid(text: string, path: string): Interval[] {
  const lines = text.split(/\r\n|\r|\n/);
  if (!lines.some((line) => /^\s*Object class = "TextGrid"/.test(line))) {
    throw new TaskError({
      asked: `TextGrid '${path}'`,
      found: 'not in the long text format',
      fix: 'save it with Praat as a text file',
    });
  }
  const intervals: Interval[] = [];
  for (const [index, line] of lines.entries()) {
    if (!/^\s*intervals \[\d+\]:?\s*$/.test(line)) continue;
    const [start, end] = ['xmin', 'xmax'].map((key, place) => {
      const [, name, value] = /^\s*(\w+) = ([-+\d.eE]+)\s*$/.exec(lines[index + 1 + place] ?? '') ?? [];
      return name === key ? Number(value) : NaN;
    });
    const [, label] = /^\s*text = "((?:[^"]|"")*)"\s*$/.exec(lines[index + 3] ?? '') ?? [];
    if (label === undefined || !(start >= 0 && end > start)) {
      throw new TaskError({
        asked: `line ${index + 1} of '${path}'`,
        found: 'an interval without xmin, xmax and text after it',
        fix: 'download the file again, or save it with Praat',
      });
    }
    const plain = label.replace(/""/g, '"').trim();
    if (plain !== '') intervals.push({ start, end, text: plain });
  }
  return intervals;
}
