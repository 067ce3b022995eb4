import { trimParts, type SoundStream } from '../sound-stream.js';
import { decodeMpegFrames } from '../codecs/mpeg.js';
import { readMpegFrames } from './mpeg-frames.js';

/** Samples by which a decoder of layer III is late. */
const decoderDelay = 529;

/** The sound of an MP3. What the encoder put in front and behind is left out where the file says how much that is. */
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
