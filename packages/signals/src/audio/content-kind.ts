import { readableFormats, type AudioFormat } from './format.js';

/** What content is: a supported format, or a description of an unsupported one. */
export type Kind =
  { readonly format: AudioFormat } | { readonly format?: undefined; readonly words: string; readonly fix: string };

/** The beginning of a file, and what it identifies. */
interface Signature {
  readonly at?: number;
  /** Text, one byte per character. */
  readonly magic: string;
  /** More of it, elsewhere. */
  readonly also?: { readonly at: number; readonly magic: string };
  readonly is: AudioFormat | Other;
}

interface Other {
  readonly words: string;
  readonly fix: string;
}

const passOne = `pass one of ${readableFormats}`;
const fixes = {
  /** Sound that other programs can read. */
  convert: `convert it to WAV or FLAC first ('ffmpeg -i FILE sound.wav' does it), or ${passOne}`,
  video: `save its sound as WAV, FLAC or MP3 first, or ${passOne}`,
  archive: `unpack it and pass the audio files in it: ${passOne}`,
  array: `rename it so that its name ends in .npy, or ${passOne}`,
  ecg: `this model needs audio: pass an ECG record to an ECG model, or ${passOne}`,
  matlab: `save its signal as WAV (with 'audiowrite' in MATLAB) or as .npy, or ${passOne}`,
  other: passOne,
} as const;

const sound = (words: string): Other => ({ words, fix: fixes.convert });
const video = (words: string): Other => ({ words, fix: fixes.video });
const archive = (words: string): Other => ({ words, fix: fixes.archive });
const ecg = (words: string): Other => ({ words, fix: fixes.ecg });
const matlab = (words: string): Other => ({ words, fix: fixes.matlab });
const other = (words: string): Other => ({ words, fix: fixes.other });

const asfGuid = '\x30\x26\xb2\x75\x8e\x66\xcf\x11';
const w64Guid = '\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00';

// Longer signatures come before shorter ones with the same beginning.
const signatures: readonly Signature[] = [
  { magic: 'RIFF', also: { at: 8, magic: 'WAVE' }, is: 'wav' },
  { magic: 'RIFX', also: { at: 8, magic: 'WAVE' }, is: 'wav' },
  { magic: 'RF64', also: { at: 8, magic: 'WAVE' }, is: 'wav' },
  { magic: 'BW64', also: { at: 8, magic: 'WAVE' }, is: 'wav' },
  { magic: `riff${w64Guid}`, is: 'w64' },
  { magic: 'FORM', also: { at: 8, magic: 'AIFF' }, is: 'aiff' },
  { magic: 'FORM', also: { at: 8, magic: 'AIFC' }, is: 'aiff' },
  { magic: 'caff\x00', is: 'caf' },
  { magic: '.snd', is: 'au' },
  { magic: 'dns.', is: 'au' },
  { magic: 'NIST_1A\n', is: 'sphere' },
  { magic: 'NIST_1A\r\n', is: 'sphere' },
  { magic: 'fLaC', is: 'flac' },
  { magic: '\x1a\x45\xdf\xa3', is: 'webm' },
  { at: 4, magic: 'ftyp', is: 'm4a' },
  // QuickTime files of before 2001 have no ftyp box.
  { at: 4, magic: 'moov', is: 'm4a' },
  { at: 4, magic: 'mdat', is: 'm4a' },
  { magic: '\x00\x00\x00\x08wide', is: 'm4a' },

  { magic: asfGuid, is: sound('Windows Media (ASF: WMA or WMV)') },
  { magic: '#!AMR-WB', is: sound('AMR-WB speech') },
  { magic: '#!AMR', is: sound('AMR speech') },
  { magic: '#!EVS', is: sound('EVS speech') },
  { magic: '#!iLBC', is: sound('iLBC speech') },
  { magic: '#!SILK', is: sound('SILK speech') },
  { magic: '\x02#!SILK', is: sound('SILK speech') },
  { magic: 'ajkg', is: sound('Shorten audio') },
  { magic: 'Creative Voice File', is: sound('Creative Voice (VOC) audio') },
  { magic: 'FORM', also: { at: 8, magic: '8SVX' }, is: sound('Amiga IFF 8SVX audio') },
  { magic: 'FORM', also: { at: 8, magic: '16SV' }, is: sound('Amiga IFF 16SV audio') },
  { magic: 'FORM', also: { at: 8, magic: 'MAUD' }, is: sound('Amiga IFF MAUD audio') },
  { magic: 'FRM8', is: sound('DSDIFF (DSD) audio') },
  { magic: 'DSD ', is: sound('DSF (DSD) audio') },
  { magic: 'wvpk', is: sound('WavPack audio') },
  { magic: 'TTA1', is: sound('True Audio (TTA)') },
  { magic: 'TTA2', is: sound('True Audio (TTA)') },
  { magic: 'MAC ', is: sound("Monkey's Audio (APE)") },
  { magic: 'MPCK', is: sound('Musepack audio') },
  { magic: 'MP+', is: sound('Musepack audio') },
  { magic: 'OFR ', is: sound('OptimFROG audio') },
  { magic: 'tBaK', is: sound('TAK audio') },
  { magic: 'LA04', is: sound('Lossless Audio (LA)') },
  { magic: '\x0b\x77', is: sound('AC-3 (Dolby Digital) audio') },
  { magic: '\x7f\xfe\x80\x01', is: sound('DTS audio') },
  { magic: '\xfe\x7f\x01\x80', is: sound('DTS audio') },
  { magic: '\x1f\xff\xe8\x00', is: sound('DTS audio') },
  { magic: '\xff\x1f\x00\xe8', is: sound('DTS audio') },
  { magic: 'DTSHDHDR', is: sound('DTS-HD audio') },
  { magic: '.ra\xfd', is: sound('RealAudio') },
  { magic: '.RMF', is: sound('RealMedia') },
  { magic: 'ALawSoundFile**', is: sound('Psion WVE (A-law) audio') },
  { magic: '\x64\xa3\x01\x00', is: sound('IRCAM audio') },
  { magic: '\x64\xa3\x02\x00', is: sound('IRCAM audio') },
  { magic: '\x64\xa3\x03\x00', is: sound('IRCAM audio') },
  { magic: '\x00\x01\xa3\x64', is: sound('IRCAM audio') },
  { magic: '\x00\x02\xa3\x64', is: sound('IRCAM audio') },
  { magic: ' paf', is: sound('Ensoniq PARIS (PAF) audio') },
  { magic: 'fap ', is: sound('Ensoniq PARIS (PAF) audio') },
  { magic: 'PVF1', is: sound('Portable Voice Format audio') },
  { magic: '2BIT', is: sound('AVR audio') },
  { magic: 'RIFF', also: { at: 8, magic: 'QLCM' }, is: sound('QCP (Qualcomm) speech') },
  { magic: 'RIFF', also: { at: 8, magic: 'RMP3' }, is: sound('MP3 in RIFF (RMP3)') },
  { magic: 'RIFF', also: { at: 8, magic: 'sfbk' }, is: other('a SoundFont, which is not a recording') },
  { magic: 'MThd', is: other('MIDI notes, which are not sound') },
  { magic: 'RIFF', also: { at: 8, magic: 'RMID' }, is: other('MIDI notes, which are not sound') },

  { magic: 'RIFF', also: { at: 8, magic: 'AVI ' }, is: video('an AVI video') },
  { magic: 'FLV\x01', is: video('a Flash video') },
  { magic: '\x00\x00\x01\xba', is: video('an MPEG video') },
  { magic: '\x00\x00\x01\xb3', is: video('an MPEG video') },

  { magic: '\x89PNG', is: other('a PNG image') },
  { magic: '\xff\xd8\xff', is: other('a JPEG image') },
  { magic: 'GIF8', is: other('a GIF image') },
  { magic: 'RIFF', also: { at: 8, magic: 'WEBP' }, is: other('a WebP image') },
  { magic: 'II*\x00', is: other('a TIFF image') },
  { magic: 'MM\x00*', is: other('a TIFF image') },
  { magic: '%PDF', is: other('a PDF document') },
  { magic: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', is: other('an office document') },

  { magic: 'PK\x03\x04', is: archive('a ZIP archive or an office document') },
  { magic: 'PK\x05\x06', is: archive('an empty ZIP archive') },
  { magic: '\x1f\x8b', is: archive('a gzip archive') },
  { magic: 'BZh', is: archive('a bzip2 archive') },
  { magic: '\xfd7zXZ\x00', is: archive('an XZ archive') },
  { magic: '\x28\xb5\x2f\xfd', is: archive('a Zstandard archive') },
  { magic: '7z\xbc\xaf', is: archive('a 7-Zip archive') },
  { magic: 'Rar!', is: archive('a RAR archive') },
  { at: 257, magic: 'ustar', is: archive('a tar archive') },

  { magic: '\x93NUMPY', is: { words: 'a NumPy array', fix: fixes.array } },
  { magic: 'MATLAB 5.0', is: matlab('a MATLAB file') },
  { magic: 'MATLAB 7', is: matlab('a MATLAB file (7.3, HDF5)') },
  { magic: '\x89HDF', is: other('an HDF5 file') },
  { magic: 'PAR1', is: other('a Parquet file') },
  { magic: 'SQLite format 3', is: other('an SQLite database') },
  { magic: '\x7fELF', is: other('a program') },

  // The dots of its date distinguish it from a table that begins with a 0.
  { magic: '0       ', also: { at: 170, magic: '.' }, is: ecg('an EDF record') },
  { magic: '\xffBIOSEMI', is: ecg('a BDF record') },
  { magic: 'GDF 1.', is: ecg('a GDF record') },
  { magic: 'GDF 2.', is: ecg('a GDF record') },
  { at: 16, magic: 'SCPECG', is: ecg('an SCP-ECG record') },
  { at: 128, magic: 'DICM', is: ecg('a DICOM file') },
  { magic: 'ISHNE1.0', is: ecg('an ISHNE Holter ECG') },
  { at: 2, magic: 'MFR ', is: ecg('an MFER record') },
  { magic: 'Brain Vision', is: ecg('the header of a BrainVision record') },
];

/**
 * Identifies content by its beginning; undefined if that is not possible. Frames of MPEG audio have no signature, see
 * `mpeg-frame.ts`.
 *
 * @param due whether weak signatures count: not if anything may precede the content
 */
export function kindOf(head: Uint8Array, due: boolean): Kind | undefined {
  for (const { at = 0, magic, also, is } of signatures) {
    if (textAt(head, at, magic.length) !== magic) continue;
    if (also !== undefined && textAt(head, also.at, also.magic.length) !== also.magic) continue;
    if (!due && magic.length < 4) continue;
    return typeof is === 'string' ? { format: is } : is;
  }
  if (textAt(head, 0, 4) === 'OggS') return oggKind(head);
  if (!due) return undefined;
  if (repeats(head, 33, 6, (byte) => byte >> 4 === 0xd)) return sound('raw GSM 6.10 speech');
  if (repeats(head, 188, 6, (byte) => byte === 0x47)) return video('an MPEG transport stream');
  if (head[0] === 0x56 && head[1] >> 5 === 7) return loasKind(head);
  return undefined;
}

/** The codec of an Ogg stream: the first page of each holds its identification header (RFC 3533, section 4). */
function oggKind(head: Uint8Array): Kind {
  let hasVideo = false;
  let page = 0;
  for (; textAt(head, page, 4) === 'OggS' && (head[page + 5] & 2) === 2;) {
    const segments = head[page + 26];
    const start = page + 27 + segments;
    const starts = (magic: string) => textAt(head, start, magic.length) === magic;
    if (starts('OpusHead')) return { format: 'opus' };
    if (starts('\x01vorbis')) return { format: 'oga' };
    if (starts('\x7fFLAC')) return { format: 'oggflac' };
    if (starts('Speex   ')) return sound('Speex speech in Ogg');
    if (starts('CELT    ')) return sound('CELT audio in Ogg');
    if (starts('PCM     ')) return sound('PCM in Ogg');
    if (starts('\x80theora') || starts('BBCD') || starts('\x01video')) hasVideo = true;
    page = start + head.subarray(page + 27, start).reduce((sum, size) => sum + size, 0);
  }
  if (hasVideo) return video('an Ogg video');
  return sound(page === 0 ? 'an Ogg stream without its beginning' : 'an Ogg stream of an unknown codec');
}

/** AAC in LOAS: eleven bits of synchronisation, thirteen of size. */
function loasKind(head: Uint8Array): Kind | undefined {
  const next = 3 + (((head[1] & 0x1f) << 8) | head[2]);
  return head[next] === 0x56 && head[next + 1] >> 5 === 7 ? sound('AAC in LATM/LOAS') : undefined;
}

/** What kind of text a file begins with; undefined if it is not text. */
export function textKind(head: Uint8Array): Kind | undefined {
  if (head.length === 0) return undefined;
  if (textAt(head, 0, 2) === '\xff\xfe' || textAt(head, 0, 2) === '\xfe\xff') {
    const zeros = head.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
    return zeros * 4 > head.length ? other('text in UTF-16') : undefined;
  }
  if (!head.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13))) return undefined;
  // Text in older encodings has occasional bytes from 128 up; compressed sound has them everywhere.
  const high = head.reduce((count, byte) => count + (byte >> 7), 0);
  if (high * 4 > head.length && !isUtf8(head)) return undefined;
  const beginning = textAt(head, 0, 1024).replace(/^\xef\xbb\xbf/, '');
  if (/<(?:\w+:)?AnnotatedECG/i.test(beginning)) return ecg('an HL7 annotated ECG (aECG)');
  if (/^\S+(?:\/\d+)? \d+ [\d.]+(?:\/\S+)?(?: \d+)?[ \r\n][^\r\n]*\r?\n\S+\.\w+ \d/.test(beginning)) {
    return ecg('the header of a WFDB record');
  }
  return /^\s*<(?:!doctype|html|\?xml)/i.test(beginning) ? other('a web page or XML') : other('text');
}

function isUtf8(head: Uint8Array): boolean {
  try {
    // As part of a stream: its last letter may be cut.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function repeats(head: Uint8Array, step: number, times: number, is: (byte: number) => boolean): boolean {
  if (head.length < step * times) return false;
  return Array.from({ length: times }, (_, index) => head[index * step]).every(is);
}

/** Bytes at either end of a file that are searched. */
const searched = 2 ** 20;

/** A description of a video file; undefined for a file without a video track. */
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
