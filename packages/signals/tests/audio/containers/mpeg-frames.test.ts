import { describe, expect, it } from 'vitest';
import { readMpegFrames } from '../../../src/audio/containers/mpeg-frames.js';

/** A frame of MPEG-1 layer III, 128 kbit/s, 44.1 kHz, stereo. */
function frame(head: readonly number[] = [0xff, 0xfb, 0x90, 0]): number[] {
  return [...head, ...new Array<number>(413).fill(0)];
}

/** The frame before the first of sound, which says how many follow. */
function infoFrame(frames: number): number[] {
  const bytes = frame();
  bytes.splice(4 + 32, 12, ...[...'Xing'].map((letter) => letter.charCodeAt(0)), 0, 0, 0, 1, 0, 0, 0, frames);
  return bytes;
}

describe('frames of MPEG audio', () => {
  it.each([
    ['free format, whose frames have no size of their own', [0xff, 0xfb, 0, 0]],
    ['another rate', [0xff, 0xfb, 0x94, 0]],
    ['no frame', [1, 2, 3, 4]],
  ])('end with as many as the file says, whatever is behind them: %s', (_what, head) => {
    const { frames, info } = readMpegFrames(
      Uint8Array.from([infoFrame(4), frame(), frame(), frame(), frame(), frame(head)].flat()),
    );
    expect(info?.frames).toBe(4);
    expect(frames.map(({ start, end }) => [start, end])).toEqual(
      [1, 2, 3, 4].map((index) => [417 * index, 417 * (index + 1)]),
    );
  });

  it('are refused where they change before', () => {
    const bytes = Uint8Array.from([infoFrame(6), frame(), frame(), frame(), frame(), frame([0xff, 0xfb, 0, 0])].flat());
    expect(() => readMpegFrames(bytes)).toThrow(/changes midway/);
  });
});
