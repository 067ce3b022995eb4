import { StreamFault } from '../stream-fault.js';

/**
 * Reads bits, the most significant first. Bytes beyond the end read as zeros; `check` reports whether that happened.
 */
export class BitReader {
  /** Number of bits read so far. */
  position = 0;

  /**
   * @param bytes the bytes to read
   * @param start the byte where position 0 is
   * @param end the byte after the last; at most 2^28 after the start, so that positions stay small integers
   */
  constructor(
    private readonly bytes: Uint8Array,
    private readonly start = 0,
    private readonly end = bytes.length,
  ) {}

  /** Up to 25 bits, unsigned. */
  bits(count: number): number {
    if (count === 0) return 0;
    const value = (this.window() << (this.position & 7)) >>> (32 - count);
    this.position += count;
    return value;
  }

  /** The next bits, up to 25, without advancing. */
  peek(count: number): number {
    return (this.window() << (this.position & 7)) >>> (32 - count);
  }

  /** Up to 32 bits, unsigned. */
  longBits(count: number): number {
    if (count <= 25) return this.bits(count);
    const high = this.bits(count - 16);
    return high * 65536 + this.bits(16);
  }

  /** Up to 33 bits in two's complement. */
  signed(count: number): number {
    if (count === 0) return 0;
    const value = count > 32 ? this.bits(1) * 2 ** 32 + this.longBits(32) : this.longBits(count);
    return value >= 2 ** (count - 1) ? value - 2 ** count : value;
  }

  /** The number of zeros before the next one; reads both. */
  zeros(): number {
    let count = 0;
    for (;;) {
      // The top 25 bits are real, whatever the position in the byte is.
      const window = (this.window() << (this.position & 7)) & 0xffffff80;
      if (window !== 0) {
        const zeros = Math.clz32(window);
        this.position += zeros + 1;
        return count + zeros;
      }
      this.position += 25;
      count += 25;
      this.check();
    }
  }

  /** Advances to the next whole byte. */
  align(): void {
    this.position = (this.position + 7) & ~7;
  }

  /** Remaining bits; negative if more were read than there are. */
  get left(): number {
    return (this.end - this.start) * 8 - this.position;
  }

  /** Byte position of an aligned reader. */
  get byte(): number {
    return this.start + (this.position >>> 3);
  }

  /** @throws StreamFault if more was read than there is */
  check(): void {
    if (this.left < 0) throw new StreamFault('data that ends too early');
  }

  private window(): number {
    const { bytes, end } = this;
    const at = this.start + (this.position >>> 3);
    if (at + 4 <= end) return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    let value = 0;
    for (let index = 0; index < 4; index += 1) value = (value << 8) | (at + index < end ? bytes[at + index] : 0);
    return value;
  }
}
