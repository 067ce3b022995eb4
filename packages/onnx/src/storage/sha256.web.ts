import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** How many bytes to hash at once: the browser's SHA-256 needs all of them in memory. */
const chunkBytes = 8 * 1024 * 1024;

/** SHA-256 in hexadecimal, read in pieces. */
export async function sha256OfBlob(blob: Blob): Promise<string> {
  if (blob.size <= chunkBytes && globalThis.crypto?.subtle !== undefined) {
    return bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())));
  }
  const hash = sha256.create();
  for (let offset = 0; offset < blob.size; offset += chunkBytes) {
    hash.update(new Uint8Array(await blob.slice(offset, offset + chunkBytes).arrayBuffer()));
  }
  return bytesToHex(hash.digest());
}

export function sha256OfText(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** A hash computed from pieces. */
export interface RunningHash {
  update(bytes: Uint8Array): void;
  /** In hexadecimal; nothing can be added afterwards. */
  end(): string;
}

export function startSha256(): RunningHash {
  const hash = sha256.create();
  return {
    update: (bytes) => void hash.update(bytes),
    end: () => bytesToHex(hash.digest()),
  };
}
