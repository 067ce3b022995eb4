import { StreamFault, convert } from '../stream-fault.js';
import { pcmCoding, type PcmFormat } from '../pcm/pcm-coding.js';

/** Number of samples per part, so that a long file is not in memory twice. */
const partFrames = 2 ** 16;

/** The samples of PCM packets, with full scale 1. */
export function* pcmParts(
  packets: Iterable<Uint8Array>,
  channels: number,
  format: PcmFormat,
): Generator<Float32Array[]> {
  const coding = pcmCoding(format, channels);
  if (coding === undefined) throw new StreamFault(`PCM of ${8 * format.bytes} bits`, convert);
  const decode = coding.decoder();
  const { blockBytes } = coding;
  for (const packet of packets) {
    const frames = packet.length / blockBytes;
    if (!Number.isInteger(frames)) throw new StreamFault('PCM that ends inside a sample');
    for (let first = 0; first < frames; first += partFrames) {
      const count = Math.min(partFrames, frames - first);
      const part = Array.from({ length: channels }, () => new Float32Array(count));
      decode(packet.subarray(first * blockBytes, (first + count) * blockBytes), count, part, 0);
      yield part;
    }
  }
}
