/** Reads bits, the least significant first, as packed by Vorbis. Beyond the end it reads zeros and records that. */
export class VorbisBits {
  private position = 0;
  private readonly end: number;

  constructor(private readonly bytes: Uint8Array) {
    this.end = bytes.length * 8;
  }

  /** Whether more was read than there is. */
  get over(): boolean {
    return this.position > this.end;
  }

  /** Number of remaining bits. */
  get left(): number {
    return this.end - this.position;
  }

  /** Up to 32 bits, unsigned. */
  bits(count: number): number {
    if (count > 24) return this.bits(16) + this.bits(count - 16) * 65536;
    const value = this.peek() & ((1 << count) - 1);
    this.position += count;
    return value;
  }

  flag(): boolean {
    return this.bits(1) === 1;
  }

  /** At least the next 24 bits. */
  peek(): number {
    const { bytes } = this;
    const at = this.position >>> 3;
    const shift = this.position & 7;
    if (at + 4 <= bytes.length) {
      return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> shift;
    }
    let value = 0;
    for (let index = 3; index >= 0; index -= 1)
      value = (value << 8) | (at + index < bytes.length ? bytes[at + index] : 0);
    return value >>> shift;
  }

  skip(count: number): void {
    this.position += count;
  }
}

/** Number of bits that a number takes; 0 for 0. */
export function bitLength(value: number): number {
  return value <= 0 ? 0 : 32 - Math.clz32(value);
}
