import { createHash } from 'node:crypto';
import { FileError } from '@hearken/core';
import { openPlainFile } from '@hearken/core/node';

/** What a file's bytes must hash to. */
export interface Checksum {
  readonly algorithm: 'md5' | 'sha256';
  /** Lower-case hexadecimal. */
  readonly hex: string;
}

/** A file's hashes in hexadecimal; it is read once, in pieces. */
export async function hashesOfFile(path: string): Promise<Readonly<Record<Checksum['algorithm'], string>>> {
  const hashes = { md5: createHash('md5'), sha256: createHash('sha256') };
  const { handle, size } = await openPlainFile(path);
  // The stream closes the file.
  const bytes = handle.createReadStream({ start: 0, end: Math.max(0, size - 1), highWaterMark: 2 ** 20 });
  for await (const chunk of bytes) {
    hashes.md5.update(chunk as Buffer);
    hashes.sha256.update(chunk as Buffer);
  }
  return { md5: hashes.md5.digest('hex'), sha256: hashes.sha256.digest('hex') };
}

/**
 * The checksum that a server sends with a file: Zenodo in its ETag, Google Cloud Storage in its `x-goog-hash` header.
 */
export function checksumOfHeaders(headers: Headers): Checksum | undefined {
  const etag = /^"?md5:([0-9a-f]{32})"?$/i.exec(headers.get('etag') ?? '');
  if (etag !== null) return { algorithm: 'md5', hex: etag[1].toLowerCase() };
  const google = /(?:^|[,\s])md5=([A-Za-z0-9+/]{22}==)/.exec(headers.get('x-goog-hash') ?? '');
  if (google !== null) return { algorithm: 'md5', hex: Buffer.from(google[1], 'base64').toString('hex') };
  return undefined;
}

/** The SHA-256 in a line in the format of `sha256sum`. */
export function parseSha256Line(text: string): Checksum | undefined {
  const hex = /^([0-9a-f]{64})\b/i.exec(text.trim())?.[1];
  return hex === undefined ? undefined : { algorithm: 'sha256', hex: hex.toLowerCase() };
}

export function checksumError(what: string, expected: Checksum, found: string): FileError {
  return new FileError({
    asked: `${what} with ${expected.algorithm} ${expected.hex}`,
    found: `${expected.algorithm} ${found}`,
    fix: 'the file was changed or damaged in transit and has been removed: download it again, or from another mirror',
  });
}
