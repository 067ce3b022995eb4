/** Bytes of a frame of 128 kbit/s at 44.1 kHz without padding. */
const frameBytes = 417;

/**
 * Frames of MPEG 1 layer III at 44.1 kHz, 128 kbit/s: joint stereo, whose side channel is zero, so that left and right are
 * equal; the middle channel holds one line of the lowest pair, or nothing.
 *
 * @param count how many
 * @param content what they sound like
 */
export function equalChannelFrames(count: number, content: 'tone' | 'silence'): Uint8Array {
  const frame = new Uint8Array(frameBytes);
  // Sync, MPEG 1, layer III, no checksum; 128 kbit/s, 44.1 kHz; joint stereo of middle and side.
  frame.set([0xff, 0xfb, 0x90, 0x60]);
  if (content === 'tone') {
    const bits = new BitWriter(frame, 4);
    // Main data begins here; private bits; no shared scale factors.
    bits.write(0, 9 + 3 + 8);
    for (let granule = 0; granule < 2; granule += 1) {
      // Of the middle channel: 3 bits of data, one pair, global gain, no scale factors, long blocks, table 1 thrice, regions,
      // no emphasis, scale, second table of quadruples.
      writeGranule(bits, { bits: 3, pairs: 1, gain: 205, table: 1 });
      writeGranule(bits, { bits: 0, pairs: 0, gain: 0, table: 0 });
    }
    const data = new BitWriter(frame, 36);
    // The pair (1, 0) in table 1, and its sign, of either granule.
    data.write(0b01_0, 3);
    data.write(0b01_0, 3);
  }
  const frames = new Uint8Array(count * frameBytes);
  for (let index = 0; index < count; index += 1) frames.set(frame, index * frameBytes);
  return frames;
}

function writeGranule(
  writer: BitWriter,
  { bits, pairs, gain, table }: { bits: number; pairs: number; gain: number; table: number },
): void {
  writer.write(bits, 12);
  writer.write(pairs, 9);
  writer.write(gain, 8);
  writer.write(0, 4 + 1);
  for (let region = 0; region < 3; region += 1) writer.write(table, 5);
  writer.write(0, 4 + 3);
  writer.write(0b001, 3);
}

class BitWriter {
  private position: number;

  constructor(
    private readonly bytes: Uint8Array,
    start: number,
  ) {
    this.position = 8 * start;
  }

  write(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit -= 1) {
      if ((value >> bit) & 1) this.bytes[this.position >> 3] |= 128 >> (this.position & 7);
      this.position += 1;
    }
  }
}
