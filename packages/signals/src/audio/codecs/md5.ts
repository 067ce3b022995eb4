const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const sines = Int32Array.from({ length: 64 }, (_, index) => Math.floor(2 ** 32 * Math.abs(Math.sin(index + 1))) | 0);

/**
 * MD5 (RFC 1321), with which FLAC files check their samples. Browsers lack it; here it is only a checksum, not
 * protection.
 */
export class Md5 {
  private readonly state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  private readonly block = new Uint8Array(64);
  private readonly words = new Int32Array(16);
  private filled = 0;
  private length = 0;

  update(bytes: Uint8Array): this {
    this.length += bytes.length;
    for (let offset = 0; offset < bytes.length;) {
      const count = Math.min(64 - this.filled, bytes.length - offset);
      this.block.set(bytes.subarray(offset, offset + count), this.filled);
      this.filled += count;
      offset += count;
      if (this.filled === 64) this.mix();
    }
    return this;
  }

  /** The checksum in hexadecimal; nothing can be added afterwards. */
  digest(): string {
    const bits = this.length * 8;
    const padding = new Uint8Array(((119 - (this.length % 64)) % 64) + 1 + 8);
    padding[0] = 0x80;
    const view = new DataView(padding.buffer);
    view.setUint32(padding.length - 8, bits % 2 ** 32, true);
    view.setUint32(padding.length - 4, Math.floor(bits / 2 ** 32), true);
    this.update(padding);
    const sum = new DataView(new ArrayBuffer(16));
    this.state.forEach((word, index) => {
      sum.setInt32(index * 4, word, true);
    });
    return hexadecimal(new Uint8Array(sum.buffer));
  }

  private mix(): void {
    const { block, words, state } = this;
    for (let index = 0; index < 16; index += 1) {
      const at = index * 4;
      words[index] = block[at] | (block[at + 1] << 8) | (block[at + 2] << 16) | (block[at + 3] << 24);
    }
    let [a, b, c, d] = state;
    for (let step = 0; step < 64; step += 1) {
      const round = step >> 4;
      let value: number;
      let word: number;
      if (round === 0) [value, word] = [(b & c) | (~b & d), step];
      else if (round === 1) [value, word] = [(d & b) | (~d & c), (5 * step + 1) & 15];
      else if (round === 2) [value, word] = [b ^ c ^ d, (3 * step + 5) & 15];
      else [value, word] = [c ^ (b | ~d), (7 * step) & 15];
      const sum = (a + value + sines[step] + words[word]) | 0;
      const shift = shifts[(round << 2) | (step & 3)];
      [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    this.filled = 0;
  }
}

/** Two digits per byte. */
export function hexadecimal(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
