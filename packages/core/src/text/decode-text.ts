/** How many bytes to check for the zeros between the letters of UTF-16 without a byte order mark. */
const sampledBytes = 512;

/**
 * Decodes a text file from any program: UTF-8, UTF-16 or UTF-32 of either byte order (Excel's "Unicode text" is
 * UTF-16), otherwise Latin-1. Without a byte order mark, UTF-16 is recognised by the zeros that Latin letters have in
 * every other byte.
 *
 * @returns the text without its byte order mark
 */
export function decodeText(bytes: Uint8Array): string {
  const wide = wideEncodingOf(bytes);
  if (wide === 'utf-32le' || wide === 'utf-32be') return decodeUtf32(bytes, wide === 'utf-32le');
  if (wide !== undefined) return new TextDecoder(wide).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

type WideEncoding = 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be';

function wideEncodingOf(bytes: Uint8Array): WideEncoding | undefined {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? 'utf-32le' : 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff) return 'utf-32be';
  const head = bytes.subarray(0, sampledBytes - (bytes.length % 2));
  const pairs = Math.floor(head.length / 2);
  if (pairs < 2) return undefined;
  let [zerosAtEven, zerosAtOdd] = [0, 0];
  for (let at = 0; at < 2 * pairs; at += 2) {
    if (head[at] === 0) zerosAtEven += 1;
    if (head[at + 1] === 0) zerosAtOdd += 1;
  }
  if (zerosAtEven === 0 && zerosAtOdd > 0.8 * pairs) return 'utf-16le';
  if (zerosAtOdd === 0 && zerosAtEven > 0.8 * pairs) return 'utf-16be';
  return undefined;
}

/** TextDecoder does not support UTF-32. */
function decodeUtf32(bytes: Uint8Array, littleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  for (let at = 4; at + 4 <= bytes.length; at += 4) {
    const code = view.getUint32(at, littleEndian);
    const isCharacter = code <= 0x10_ffff && (code < 0xd800 || code > 0xdfff);
    parts.push(isCharacter ? String.fromCodePoint(code) : '\ufffd');
  }
  return parts.join('');
}
