const bits = 64;
const goldenRatio = 0x9e3779b9n;
const digits = 20;

/**
 * The identity that PyTorch stores in an archive: 20 digits of a hash of the names of its files, and 20 of their CRC-32.
 * The second is PyTorch's. The first is `std::hash` there, which differs between systems; here it is FNV-1a.
 *
 * Source: `PyTorchStreamWriter::writeSerializationId` of PyTorch 2.13, and `c10::hash_combine`.
 */
export function serializationId(names: readonly string[], checksums: readonly number[]): string {
  const halves = [names.map(hashOf), checksums.map((checksum) => BigInt(checksum >>> 0))];
  return halves.map((values) => String(values.reduce(combined, 0n)).padStart(digits, '0')).join('');
}

function combined(seed: bigint, value: bigint): bigint {
  return BigInt.asUintN(bits, seed ^ (value + goldenRatio + (seed << 6n) + (seed >> 2n)));
}

function hashOf(name: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(name)) {
    hash = BigInt.asUintN(bits, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash;
}
