import { trimParts, type SoundStream } from '../sound-stream.js';
import { decodeMpegFrames } from '../codecs/mpeg.js';
import { readMpegFrames } from './mpeg-frames.js';

/** Delay of a layer III decoder in samples. */
const decoderDelay = 529;

/**
 * The audio of an MP3, without the samples that the encoder added at the start and end, if the file says how many there
 * are.
 */
export function mpegSound(bytes: Uint8Array): SoundStream {
  const { frames, info } = readMpegFrames(bytes);
  const [{ header }] = frames;
  const parts = decodeMpegFrames(
    frames.map((frame) => ({ header: frame.header, bytes: bytes.subarray(frame.start, frame.end) })),
  );
  const total = frames.length * header.samples;
  const { delay, padding = 0 } = info ?? {};
  const skip = delay === undefined ? 0 : delay + decoderDelay;
  const length = delay === undefined ? total : Math.max(0, total - skip - Math.max(0, padding - decoderDelay));
  return { sampleRate: header.sampleRate, channels: header.channels, parts: trimParts(parts, skip, length) };
}
