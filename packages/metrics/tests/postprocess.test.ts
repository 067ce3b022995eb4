import { EmbedderError, OptionError } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventsFromPredictions } from '../src/event/postprocess.js';

/** The frames that one label's events cover: `.` quiet, `x` active; frames are 10 ms apart. */
function filtered(activity: string, medianFilter: number): string {
  const frames = Array.from(activity);
  const events = eventsFromPredictions(
    {
      timestamps: frames.map((_, index) => 10 * index),
      predictions: frames.map((frame) => (frame === 'x' ? 0.9 : 0.1)),
      labels: ['door'],
    },
    { medianFilter, minimumDuration: 0 },
  );
  return frames
    .map((_, index) => (events.some(({ start, end }) => start <= 10 * index && 10 * index <= end) ? 'x' : '.'))
    .join('');
}

describe('the median filter', () => {
  // scipy.ndimage.median_filter(activity, size=width), SciPy 1.17.
  it.each([
    [0, '.x.xx....x..'],
    [1, '.x.xx....x..'],
    [2, '.xxxxx...xx.'],
    [3, '..xxx.......'],
    [4, 'x.xxxx......'],
    [5, '..xx........'],
    [6, '.xxxx.......'],
    [7, '.x..........'],
    [8, 'xxx.........'],
    [11, 'x...........'],
    [14, '............'],
    [26, '............'],
  ])('of %i frames is as in SciPy', (width, expected) => {
    expect(filtered('.x.xx....x..', 10 * width)).toBe(expected);
  });

  it('may be longer than the signal, at no cost', () => {
    expect(filtered('..x..', 1e15)).toBe('.....');
    expect(filtered('xx.xx', 1e15)).toBe('xxxxx');
  });

  it('rounds half a frame to the even length', () => {
    expect(filtered('.x.xx....x..', 25)).toBe(filtered('.x.xx....x..', 20));
    expect(filtered('.x.xx....x..', 35)).toBe(filtered('.x.xx....x..', 40));
  });

  it('is the median of the endlessly mirrored window', () => {
    const activity = fc.array(fc.boolean(), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(activity, fc.integer({ min: 1, max: 30 }), (frames, width) => {
        const text = frames.map((active) => (active ? 'x' : '.')).join('');
        const at = (position: number) => {
          const inPeriod = ((position % (2 * frames.length)) + 2 * frames.length) % (2 * frames.length);
          return frames[Math.min(inPeriod, 2 * frames.length - 1 - inPeriod)];
        };
        const expected = frames.map((_, index) => {
          const window = Array.from({ length: width }, (__, offset) => at(index - Math.floor(width / 2) + offset));
          return window.sort()[Math.floor(width / 2)] ? 'x' : '.';
        });
        expect(filtered(text, 10 * width)).toBe(expected.join(''));
      }),
    );
  });
});

describe('eventsFromPredictions', () => {
  const frames = {
    timestamps: [5, 25, 45, 65, 85],
    // prettier-ignore
    predictions: [
      0.9, 0.1,
      0.5, 0.6,
      0.7, 0.6,
      0.7, 0.2,
      0.7, 0.9,
    ],
    labels: ['door', 'cough'],
  };

  it('joins neighbouring frames above the threshold, and sorts by start', () => {
    expect(eventsFromPredictions(frames, { medianFilter: 0, minimumDuration: 0 })).toEqual([
      { label: 'door', start: 5, end: 5 },
      { label: 'cough', start: 25, end: 45 },
      { label: 'door', start: 45, end: 85 },
      { label: 'cough', start: 85, end: 85 },
    ]);
  });

  it('keeps events of the minimum duration or longer', () => {
    expect(eventsFromPredictions(frames, { medianFilter: 0, minimumDuration: 20 })).toEqual([
      { label: 'cough', start: 25, end: 45 },
      { label: 'door', start: 45, end: 85 },
    ]);
    expect(eventsFromPredictions(frames, { medianFilter: 0, minimumDuration: 20.1 })).toEqual([
      { label: 'door', start: 45, end: 85 },
    ]);
  });

  it('takes another threshold', () => {
    const events = eventsFromPredictions(frames, { medianFilter: 0, minimumDuration: 0, threshold: 0.8 });
    expect(events.map(({ label, start }) => [label, start])).toEqual([
      ['door', 5],
      ['cough', 85],
    ]);
  });

  it('takes one frame as it is, and no frame for no event', () => {
    const settings = { medianFilter: 100, minimumDuration: 0 };
    expect(eventsFromPredictions({ timestamps: [7], predictions: [0.9], labels: ['door'] }, settings)).toEqual([
      { label: 'door', start: 7, end: 7 },
    ]);
    expect(eventsFromPredictions({ timestamps: [], predictions: [], labels: ['door'] }, settings)).toEqual([]);
  });

  it('refuses frames that are not in order, sizes that disagree and settings that are no lengths', () => {
    const settings = { medianFilter: 0, minimumDuration: 0 };
    const events = (timestamps: number[], predictions: number[]) => () =>
      eventsFromPredictions({ timestamps, predictions, labels: ['door'] }, settings);
    expect(events([10, 10], [0, 0])).toThrow(EmbedderError);
    expect(events([10, Number.NaN], [0, 0])).toThrow(EmbedderError);
    expect(events([10, 20], [0])).toThrow(EmbedderError);
    expect(() => eventsFromPredictions(frames, { ...settings, medianFilter: -1 })).toThrow(OptionError);
    expect(() => eventsFromPredictions(frames, { ...settings, minimumDuration: Number.NaN })).toThrow(OptionError);
  });
});
