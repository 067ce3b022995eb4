const FIRST_BYTES = 4096;

/** The bytes of a pickle while it is written, in the little-endian order of its arguments. */
export class PickleBytes {
  #bytes = new Uint8Array(FIRST_BYTES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** An opcode, as its character. */
  opcode(character: string): void {
    this.bytes([character.charCodeAt(0)]);
  }

  bytes(values: ArrayLike<number>): void {
    // First, because the array may be replaced by a larger one.
    const start = this.#reserve(values.length);
    this.#bytes.set(values, start);
  }

  uint8(value: number): void {
    this.bytes([value]);
  }

  uint16(value: number): void {
    this.bytes([value & 0xff, value >>> 8]);
  }

  uint32(value: number): void {
    this.bytes([value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24]);
  }

  /** Floats are big-endian in pickles. */
  float64(value: number): void {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, false);
    this.bytes(bytes);
  }

  #reserve(count: number): number {
    const start = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
      grown.set(this.#bytes.subarray(0, start));
      this.#bytes = grown;
    }
    return start;
  }
}

/** A whole number as two's complement, little-endian, in as few bytes as hold it; none for 0. */
export function integerBytes(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  // The last byte's highest bit is the sign.
  while (rest !== 0n && rest !== -1n) {
    bytes.push(Number(rest & 0xffn));
    rest >>= 8n;
  }
  const isNegative = rest === -1n;
  if (isNegative !== (bytes.length > 0 && bytes[bytes.length - 1] >= 0x80)) bytes.push(isNegative ? 0xff : 0);
  return bytes;
}
