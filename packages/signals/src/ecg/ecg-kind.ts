import { AudioError } from '@hearken/core';
import { detectContent } from '../audio/detect-content.js';
import { decodeText, tableText } from '@hearken/core/internal';
import { isEdf } from './edf-header.js';

/** The reader for a file. */
export type EcgReader = 'wfdb' | 'edf' | 'npy' | 'csv';

/** How many leading bytes identify a file. */
export const headBytes = 65_536;

/** The supported files, for errors. */
export const readableEcgs = 'WFDB (.hea), EDF, BDF, CSV or .npy';

/** Known but unsupported formats of ECGs, or that may contain ECGs. */
interface ForeignFormat {
  readonly at?: number;
  /** Text, one byte per character. */
  readonly magic: string;
  readonly words: string;
  readonly fix: string;
  /** Whether such a file is certainly an ECG. */
  readonly isEcg?: boolean;
}

const biosig = 'convert it to EDF, such as with save2gdf -f=EDF of biosig';
const matlab =
  'save its signal as a CSV with the names of the leads, or as .npy of [12, samples] (in Python, scipy.io.loadmat reads it)';

const foreignFormats: readonly ForeignFormat[] = [
  { at: 16, magic: 'SCPECG', words: 'an SCP-ECG record', fix: biosig, isEcg: true },
  { magic: 'GDF ', words: 'a GDF record', fix: biosig, isEcg: true },
  { at: 2, magic: 'MFR', words: 'an MFER record', fix: biosig, isEcg: true },
  { magic: 'ISHNE1.', words: 'an ISHNE Holter ECG', fix: biosig, isEcg: true },
  {
    at: 128,
    magic: 'DICM',
    words: 'a DICOM file',
    fix: 'export its waveform as EDF or CSV (in Python, pydicom reads it: multiplex_array)',
    isEcg: true,
  },
  { magic: 'MATLAB 5.0', words: 'a MATLAB file (version 5)', fix: matlab },
  { magic: 'MATLAB 7', words: 'a MATLAB file (version 7.3)', fix: matlab },
  {
    magic: '\x89HDF',
    words: 'an HDF5 file',
    fix: 'save each record as .npy of [12, samples] or as CSV (in Python, h5py reads it)',
  },
];

/** Root elements of ECGs in XML. */
const xmlFormats: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/<(?:\w+:)?AnnotatedECG[\s>]/i, 'an HL7 annotated ECG (aECG)'],
  [/<(?:\w+:)?RestingECG[\s>]/i, 'a GE MUSE ECG in XML'],
  [/<(?:\w+:)?restingecgdata[\s>]/i, 'a Philips ECG in XML'],
];

/**
 * Whether a file is an ECG by its content, supported or not; arrays, tables, MATLAB files and web pages may be
 * anything.
 */
export function isEcgContent(head: Uint8Array): boolean {
  return isEdf(head) || foreignOf(head)?.isEcg === true;
}

/**
 * Chooses the reader for an ECG file by its content, then by its name.
 *
 * @param head its first {@link headBytes} bytes, or all of a shorter one
 * @param path its name in errors; its extension counts if the content is ambiguous
 * @param hasHeader whether there is a WFDB header with the same name next to it
 * @throws AudioError saying what it is instead, and what to do
 */
export function chooseReader(head: Uint8Array, path: string, hasHeader: boolean): EcgReader {
  const fail = (found: string, fix: string) => new AudioError({ asked: `ECG file '${path}'`, found, fix });
  const extension = extensionOf(path);
  if (extension === '.hea') return 'wfdb';
  // WFDB's signal files have any content, that of a MATLAB file among them.
  if (hasHeader && ['.dat', '.mat', ''].includes(extension)) return 'wfdb';
  if (head.length === 0) throw fail('an empty file', `pass ${readableEcgs}`);
  if (isEdf(head)) return 'edf';
  if (textAt(head, 0, 6) === '\x93NUMPY' || extension === '.npy') return 'npy';
  const foreign = foreignOf(head);
  if (foreign !== undefined) throw fail(`${foreign.words}, which is not supported`, foreign.fix);
  if (extension === '.edf' || extension === '.bdf') {
    throw fail(`${contentWords(head) ?? 'content'} that does not begin like EDF or BDF`, 'export or download it again');
  }
  if (extension === '.csv' || extension === '.tsv') return 'csv';
  if (extension === '.dat') throw fail('no header (.hea) next to it, which describes its samples', 'pass both files');
  if (hasHeader) return 'wfdb';
  // A table with another extension; other text may be anything.
  if (isText(head) && tableText(decodeText(head)).firstLine.split(/[,;\t]/).length > 1) return 'csv';
  if (isMatlab4(head))
    throw fail('a MATLAB file (version 4), which is not supported', `pass its WFDB header (.hea), or ${matlab}`);
  const words =
    contentWords(head) ?? (extension === '' ? 'an unknown format' : `an unknown format in a ${extension} file`);
  const isAudio = detectContent(head)?.format !== undefined;
  throw fail(`${words}, which is not an ECG`, `${isAudio ? 'choose an audio model, or ' : ''}pass ${readableEcgs}`);
}

/** The extension of a file's name in lower case, with its dot; empty if it has none. */
export function extensionOf(path: string): string {
  return /[^\\/](\.[^.\\/]*)$/.exec(path)?.[1].toLowerCase() ?? '';
}

/** A description of content that is not an ECG, such as audio. */
function contentWords(head: Uint8Array): string | undefined {
  const content = detectContent(head);
  if (content === undefined) return undefined;
  return content.format === undefined ? content.words : `audio (${content.format.toUpperCase()})`;
}

function foreignOf(head: Uint8Array): Pick<ForeignFormat, 'words' | 'fix' | 'isEcg'> | undefined {
  const known = foreignFormats.find(({ at = 0, magic }) => textAt(head, at, magic.length) === magic);
  if (known !== undefined || !isText(head)) return known;
  const text = decodeText(head.subarray(0, 8192));
  if (!/^\s*</.test(text)) return undefined;
  const words = xmlFormats.find(([pattern]) => pattern.test(text))?.[1];
  if (words !== undefined) return { words, fix: biosig, isEcg: true };
  return { words: 'a web page or XML', fix: `pass ${readableEcgs}` };
}

/** Printable text in any encoding that tables are read in. */
function isText(head: Uint8Array): boolean {
  // The end may be cut inside a letter.
  const text = decodeText(head.subarray(0, Math.min(head.length, 4096) & ~3 || head.length)).slice(0, -3);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 32 && !(code >= 9 && code <= 13)) return false;
  }
  return head.length > 3;
}

/** A MATLAB 4 header: type, rows, columns, whether complex, length of the name; then the name and a zero. */
function isMatlab4(head: Uint8Array): boolean {
  if (head.length < 24) return false;
  const view = new DataView(head.buffer, head.byteOffset, 20);
  const [type, rows, columns, complex, nameLength] = [0, 4, 8, 12, 16].map((at) => view.getInt32(at, true));
  if (type < 0 || type > 52 || rows < 1 || columns < 1 || complex < 0 || complex > 1) return false;
  return nameLength >= 2 && nameLength <= 64 && head[20 + nameLength - 1] === 0;
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
