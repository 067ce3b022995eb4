import { signalBatch } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { centredWindowCount, fillWindow } from '../../src/session/signal-windows.js';

describe('centredWindowCount', () => {
  it('counts the windows whose centre is inside the signal', () => {
    expect([1, 50, 51, 100, 101].map((samples) => centredWindowCount(samples, 50))).toEqual([1, 1, 2, 2, 3]);
  });
});

describe('fillWindow', () => {
  const batch = signalBatch([Float32Array.of(0, 1, 2, 10, 11, 12), Float32Array.of(20, 21, 22, 30, 31, 32)], 2);
  const window = (signal: number, start: number, length: number, beyond: 'mirrored' | 'zeros' = 'mirrored') => {
    const target = new Float32Array(2 * length).fill(9);
    fillWindow({ signals: batch, start: 0 }, signal, start, target, beyond);
    return Array.from(target);
  };

  it('copies every channel of the signal', () => {
    expect(window(0, 0, 3)).toEqual([0, 1, 2, 10, 11, 12]);
    expect(window(1, 1, 2)).toEqual([21, 22, 31, 32]);
  });

  it('mirrors what lies outside, as often as need be', () => {
    expect(window(0, -2, 4)).toEqual([2, 1, 0, 1, 12, 11, 10, 11]);
    expect(window(1, -5, 9)).toEqual([21, 20, 21, 22, 21, 20, 21, 22, 21, 31, 30, 31, 32, 31, 30, 31, 32, 31]);
  });

  it('puts zeros there if asked, never the next signal', () => {
    expect(window(0, -2, 4, 'zeros')).toEqual([0, 0, 0, 1, 0, 0, 10, 11]);
    expect(window(0, 1, 4, 'zeros')).toEqual([1, 2, 0, 0, 11, 12, 0, 0]);
    expect(window(1, -1, 5, 'zeros')).toEqual([0, 20, 21, 22, 0, 0, 30, 31, 32, 0]);
    expect(window(0, 5, 2, 'zeros')).toEqual([0, 0, 0, 0]);
    expect(window(1, -5, 2, 'zeros')).toEqual([0, 0, 0, 0]);
  });

  it('copies from a stretch what it copies from the whole signal', () => {
    const signals = signalBatch([Float32Array.from({ length: 100 }, (_, index) => index)]);
    const stretch = { signals: signalBatch([signals.data.slice(70)]), start: 70 };
    for (const start of [70, 80, 85]) {
      const [whole, part] = [new Float32Array(20), new Float32Array(20)];
      fillWindow({ signals, start: 0 }, 0, start, whole, 'mirrored');
      fillWindow(stretch, 0, start, part, 'mirrored');
      expect(part).toEqual(whole);
    }
  });
});
