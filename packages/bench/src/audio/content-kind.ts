/** What a file begins with, and what that makes it. */
interface Signature {
  readonly at?: number;
  /** Text, each character a byte. */
  readonly magic: string;
  readonly kind: string;
}

const signatures: readonly Signature[] = [
  { magic: '\x89PNG', kind: 'a PNG image' },
  { magic: '\xff\xd8\xff', kind: 'a JPEG image' },
  { magic: 'GIF8', kind: 'a GIF image' },
  { at: 8, magic: 'WEBP', kind: 'a WebP image' },
  { at: 8, magic: 'AVI ', kind: 'an AVI video' },
  { magic: 'FLV', kind: 'a Flash video' },
  { magic: '\x00\x00\x01\xba', kind: 'an MPEG video' },
  { magic: '\x00\x00\x01\xb3', kind: 'an MPEG video' },
  { magic: '\x30\x26\xb2\x75\x8e\x66\xcf\x11', kind: 'Windows Media (WMA or WMV)' },
  { magic: '#!AMR', kind: 'AMR speech' },
  { magic: 'MThd', kind: 'MIDI notes, which are no sound' },
  { magic: 'RF64', kind: 'RF64, a WAV of over 4 GB' },
  { magic: 'wvpk', kind: 'WavPack audio' },
  { magic: '.snd', kind: 'Sun AU audio' },
  { magic: '%PDF', kind: 'a PDF document' },
  { magic: 'PK\x03\x04', kind: 'a ZIP archive or an office document' },
  { magic: '\x1f\x8b', kind: 'a gzip archive' },
  { magic: '7z\xbc\xaf', kind: 'a 7-Zip archive' },
  { magic: 'Rar!', kind: 'a RAR archive' },
  { magic: '\x93NUMPY', kind: 'a NumPy array' },
  { magic: '\x89HDF', kind: 'an HDF5 file' },
];

/** Bytes at either end of a file that are searched. */
const searched = 2 ** 20;

/** What a file that is no audio looks like, in words; undefined where that cannot be told. */
export function describeContent(bytes: Uint8Array): string | undefined {
  const known = signatures.find(({ at = 0, magic }) => textAt(bytes, at, magic.length) === magic);
  if (known !== undefined) return known.kind;
  const head = bytes.subarray(0, 4096);
  if (head.length > 0 && head.every((byte) => byte === 0)) return 'nothing but zeros';
  const printable = head.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13));
  // In UTF-8 an accented letter is two bytes, so bytes from 128 up are no sign of the contrary.
  if (!printable || head.length === 0) return undefined;
  return /^\s*<(?:!doctype|html|\?xml)/i.test(textAt(bytes, 0, 256)) ? 'a web page or XML' : 'text';
}

/** What kind of video a file is, in words; undefined for one without a video track. */
export function videoKind(bytes: Uint8Array): string | undefined {
  const ends = [bytes.subarray(0, searched), bytes.subarray(Math.max(searched, bytes.length - searched))];
  if (textAt(bytes, 4, 4) === 'ftyp') {
    const quickTime = textAt(bytes, 8, 4) === 'qt  ';
    // A handler box says what its track is, twelve bytes on (ISO/IEC 14496-12, section 8.4.3).
    const video = ends.some((end) => [...placesOf(end, 'hdlr')].some((place) => textAt(end, place + 12, 4) === 'vide'));
    return video ? (quickTime ? 'a QuickTime video' : 'an MP4 video') : undefined;
  }
  if (textAt(bytes, 0, 4) === '\x1a\x45\xdf\xa3') {
    const video = ['V_VP8', 'V_VP9', 'V_AV1', 'V_MPEG'].some((codec) => !placesOf(ends[0], codec).next().done);
    return video ? 'a WebM or Matroska video' : undefined;
  }
  return undefined;
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

function* placesOf(bytes: Uint8Array, text: string): Generator<number, undefined> {
  const first = text.charCodeAt(0);
  for (let place = bytes.indexOf(first); place >= 0; place = bytes.indexOf(first, place + 1)) {
    if (textAt(bytes, place, text.length) === text) yield place;
  }
  return undefined;
}
