import { joinValues } from '@hearken/core/internal';
import { describe, expect, it } from 'vitest';
import { resample } from '../src/audio/resample.js';
import { resampleChannels, splitChannels } from '../src/channels.js';

const signal = Float32Array.from({ length: 3 * 400 }, (_, index) => Math.sin(index / 7) + index / 1200);

describe('splitChannels', () => {
  it('gives views of the channels, which joined are the signal', () => {
    const channels = splitChannels(signal, 3);
    expect(channels.map(({ length }) => length)).toEqual([400, 400, 400]);
    expect(channels.every(({ buffer }) => buffer === signal.buffer)).toBe(true);
    expect(channels[1][0]).toBe(signal[400]);
    expect(joinValues(channels)).toEqual(signal);
  });
});

describe('resampleChannels', () => {
  it('resamples every channel by itself', async () => {
    const resampled = await resampleChannels(signal, 3, 400, 300);
    const each = await Promise.all(splitChannels(signal, 3).map((channel) => resample(channel, 400, 300)));
    expect(resampled).toHaveLength(3 * 300);
    expect(splitChannels(resampled, 3)).toEqual(each);
  });

  it('returns the signal itself at equal rates, and uses the given resampler', async () => {
    expect(await resampleChannels(signal, 3, 500, 500)).toBe(signal);
    const halves = await resampleChannels(signal, 3, 2, 1, (channel) => Promise.resolve(channel.slice(0, 2)));
    expect([...halves]).toEqual([0, 1, 400, 401, 800, 801].map((index) => signal[index]));
  });
});
