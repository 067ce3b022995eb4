import type { ByteSource } from '@hearken/core/internal';

/** Bytes in memory as a source of protobuf messages; nothing is copied. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    byteAt: (offset) => bytes[offset],
    bytes: (offset, length) => bytes.subarray(offset, offset + length),
  };
}
