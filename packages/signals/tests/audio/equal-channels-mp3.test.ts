import { describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.node.js';
import { equalChannelFrames } from '../../../../tests/support/mp3-frames.js';
import { joinedBytes } from '../../../../tests/support/joined-bytes.js';

/** Over 256 KiB. */
const many = 700;

describe('a stereo MP3', () => {
  it.each(['tone', 'silence'] as const)('of equal channels (%s) stays stereo', async (content) => {
    const { channels, sampleRate } = await decodeAudio(equalChannelFrames(many, content), 'same.mp3');
    expect(sampleRate).toBe(44_100);
    expect(channels.map(({ length }) => length)).toEqual([many * 1152, many * 1152]);
    expect(channels[0]).toEqual(channels[1]);
    const level = Math.abs(channels[0][100_000]);
    if (content === 'silence') expect(level).toBe(0);
    else expect(level).toBeGreaterThan(0.01);
  });

  it('that begins with silence goes on with sound', async () => {
    const bytes = joinedBytes(equalChannelFrames(many, 'silence'), equalChannelFrames(10, 'tone'));
    const { channels } = await decodeAudio(bytes, 'late.mp3');
    const alone = await decodeAudio(equalChannelFrames(10, 'tone'), 'alone.mp3');
    expect(channels).toHaveLength(2);
    expect(channels[0].subarray(0, many * 1152).every((value) => value === 0)).toBe(true);
    expect(channels[1].subarray(many * 1152)).toEqual(alone.channels[1]);
  });

  it('that turns into a mono one is refused', async () => {
    const mono = equalChannelFrames(8, 'silence');
    for (let at = 3; at < mono.length; at += 417) mono[at] = 0xc0;
    await expect(decodeAudio(joinedBytes(equalChannelFrames(8, 'tone'), mono), 'x.mp3')).rejects.toThrow(
      /changes midway: 44100 Hz and 2 channels .* up to frame 8, 44100 Hz and 1 channel/,
    );
  });
});
