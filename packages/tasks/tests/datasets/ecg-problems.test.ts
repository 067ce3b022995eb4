import { describe, expect, it } from 'vitest';
import { signalProblems } from '../../src/datasets/check-signal.js';
import { withoutGaps } from '@hearken/signals/internal';

const leads = ['I', 'II', 'V1'];
const wave = (samples: number, scale: number, phase = 0) =>
  Float32Array.from({ length: samples }, (_, index) => scale * Math.sin(index / 9 + phase));

function found(channels: readonly Float32Array[], sampleRate = 100): string[] {
  return signalProblems({ channels, sampleRate }, { modality: 'ecg', leads }).map(
    ({ severity, found: text }) => `${severity}: ${text}`,
  );
}

describe('problems of an ECG', () => {
  const good = [wave(600, 1), wave(600, 0.5, 1), wave(600, 2, 2)];

  it('are none of a good one', () => {
    expect(found(good)).toEqual([]);
  });

  it.each<[string, readonly Float32Array[], readonly unknown[]]>([
    [
      'a flat lead',
      [good[0], new Float32Array(600).fill(0.3), good[2]],
      ['suspicious: lead II flat from start to end'],
    ],
    ['all leads flat', good.map(() => new Float32Array(600)), ['suspicious: every lead flat from start to end']],
    [
      'values in µV',
      good.map((one) => one.map((value) => 1000 * value)),
      [expect.stringMatching(/^suspicious: a peak 20\d\d mV from the mean, over 20 mV in every lead$/)],
    ],
    [
      'gaps',
      [good[0], good[1].map((value, index) => (index < 6 ? NaN : value)), good[2]],
      ['suspicious: 6 missing values (0.33%) in lead II'],
    ],
    [
      'a flat lead with gaps',
      [good[0], good[1], Float32Array.from({ length: 600 }, (_, index) => (index < 300 ? NaN : 1))],
      ['suspicious: 300 missing values (17%) in lead V1', 'suspicious: lead V1 flat from start to end'],
    ],
    ['a lead without a value', [good[0], good[1], new Float32Array(600).fill(NaN)], ['unusable: no values in lead V1']],
    [
      'under 5 s',
      good.map((one) => one.subarray(0, 120)),
      ['suspicious: 1.2 s, less than the 5 s that ECG models need'],
    ],
  ])('are said: %s', (_what, channels, expected) => {
    expect(found(channels)).toEqual(expected);
  });

  it('gaps are filled with the mean of all leads', () => {
    expect(withoutGaps([Float32Array.of(1, NaN), Float32Array.of(3, 5)])).toEqual([
      Float32Array.of(1, 3),
      Float32Array.of(3, 5),
    ]);
    expect(withoutGaps(good)).toBe(good);
  });
});
