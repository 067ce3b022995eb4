import { failed } from './wfdb-source.js';

/**
 * The counts of a FLAC signal file, one channel a signal.
 *
 * @returns `[channels][samples]`
 * @throws AudioError naming the file
 */
export function readFlacCounts(
  path: string,
  fileName: string,
  bytes: Uint8Array,
  expected: { readonly bits: number; readonly channels: number },
): Int32Array[] {
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== 'fLaC') {
    throw failed(path, `FLAC file '${fileName}' that does not begin as FLAC`, 'download the whole record again');
  }
  const found = `FLAC file '${fileName}' of ${expected.channels} signals of ${expected.bits} bits, which is not read yet`;
  throw failed(path, found, 'write it in format 16 or 24');
}
