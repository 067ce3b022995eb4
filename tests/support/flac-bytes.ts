/**
 * A 16 kHz FLAC file of verbatim, mono, 16-bit subframes (RFC 9639): nothing is compressed, everything is checked.
 *
 * @param samples 16-bit integers, a multiple of 256 of them
 */
export function flacBytes(samples: Int16Array): Uint8Array {
  const blockSize = 256;
  const info = new Uint8Array(34);
  const view = new DataView(info.buffer);
  view.setUint16(0, blockSize);
  view.setUint16(2, blockSize);
  // 20 bits of rate, 3 of channels - 1, 5 of bits - 1, 36 of samples.
  view.setUint32(10, (16_000 << 12) | (0 << 9) | (15 << 4));
  view.setUint32(14, samples.length);
  const bytes = [...new TextEncoder().encode('fLaC'), 0x80, 0, 0, 34, ...info];
  for (let first = 0; first < samples.length; first += blockSize) {
    // Sync, fixed block size; 256 samples, 16 kHz; mono, 16 bits; the frame's number.
    const header = [0xff, 0xf8, 0x85, 0x08, first / blockSize];
    const body = [...samples.subarray(first, first + blockSize)].flatMap((sample) => [
      (sample >> 8) & 255,
      sample & 255,
    ]);
    const frame = [...header, crc(header, 8, 0x07), 0x02, ...body];
    const check = crc(frame, 16, 0x8005);
    bytes.push(...frame, check >> 8, check & 255);
  }
  return Uint8Array.from(bytes);
}

function crc(bytes: readonly number[], width: number, polynomial: number): number {
  const top = 1 << (width - 1);
  let value = 0;
  for (const byte of bytes) {
    value ^= byte << (width - 8);
    for (let bit = 0; bit < 8; bit += 1) value = value & top ? (value << 1) ^ polynomial : value << 1;
    value &= (1 << width) - 1;
  }
  return value;
}
