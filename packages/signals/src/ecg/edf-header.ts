import { AudioError } from '@hearken/core';
import type { EcgWarning } from './ecg-warnings.js';

/** A signal, as described in the header of an EDF or BDF file. */
export interface EdfSignal {
  readonly label: string;
  /** The physical dimension, such as `uV`. */
  readonly units: string;
  /** The physical and the digital range as written in the header, lowest value first. */
  readonly physicalRange: readonly [string, string];
  readonly digitalRange: readonly [string, string];
  /** Per record; undefined if the header has no whole number. */
  readonly samplesPerRecord: number;
  /** Number of bytes in a record before this signal's samples. */
  readonly offset: number;
  /** Annotations of EDF+ and BDF+ are stored like a signal. */
  readonly isAnnotations: boolean;
}

/** An EDF, EDF+, BDF or BDF+ file, as described in its header. */
export interface EdfHeader {
  /** `EDF`, `EDF+C`, `EDF+D`, `BDF`, `BDF+C` or `BDF+D`: C is continuous, D may be interrupted. */
  readonly kind: string;
  /** Bytes of one sample: 2 in EDF, 3 in BDF. */
  readonly width: 2 | 3;
  /** Undefined if the file was not closed properly, which is marked by -1. */
  readonly records: number | undefined;
  /** Duration of a record in seconds. */
  readonly duration: number;
  /** Size of a record in bytes. */
  readonly recordBytes: number;
  /** Where the first record begins. */
  readonly headerBytes: number;
  readonly signals: readonly EdfSignal[];
  /** Warnings about the header, in whole sentences. */
  readonly warnings: readonly EcgWarning[];
}

const fixedBytes = 256;
const mostSignals = 9999;
/** Far above the 60 kB that the specification recommends. */
const largestRecord = 2 ** 30;

/** Whether a file begins like EDF or BDF. */
export function isEdf(bytes: Uint8Array): boolean {
  return textAt(bytes, 0, 8) === '0       ' || textAt(bytes, 0, 8) === '\xffBIOSEMI';
}

/**
 * Parses the header of an EDF (Kemp et al. 1992), EDF+ (Kemp and Olivan 2003) or BDF file. Text is ASCII by the
 * specification, but Latin-1 or UTF-8 if devices write µV. The size given in the header is ignored: it has 256 bytes,
 * plus 256 for each signal.
 *
 * @param path the file's name in errors
 * @throws AudioError for anything else
 */
export function parseEdfHeader(bytes: Uint8Array, path: string): EdfHeader {
  const fail: Fail = (found, fix = 'export or download the file again') =>
    new AudioError({ asked: `EDF or BDF file '${path}'`, found, fix });
  if (!isEdf(bytes)) throw fail('content that does not begin like EDF or BDF', 'check what kind of file it is');
  if (bytes.length < fixedBytes) throw fail(`a header truncated at ${bytes.length} of ${fixedBytes} bytes`);
  const family = bytes[0] === 0xff ? 'BDF' : 'EDF';
  const width = family === 'BDF' ? 3 : 2;
  const marked = /^[EB]DF\+([CD])/.exec(textAt(bytes, 192, 44))?.[1];
  const count = wholeNumber(textAt(bytes, 252, 4));
  if (count === undefined || count < 1 || count > mostSignals) {
    throw fail(`${shown(textAt(bytes, 252, 4))} signals`, 'pass a file with signals');
  }
  const headerBytes = fixedBytes * (count + 1);
  if (bytes.length < headerBytes) {
    throw fail(`a truncated header: ${bytes.length} bytes instead of ${headerBytes} for ${count} signals`);
  }
  const warnings: EcgWarning[] = [];
  const said = textAt(bytes, 184, 8);
  if (wholeNumber(said) !== headerBytes) {
    warnings.push({
      reason: 'header',
      text: `The header gives its size as ${shown(said)} bytes; it was read as ${headerBytes} bytes, for ${count} signals.`,
    });
  }
  const records = wholeNumber(textAt(bytes, 236, 8));
  if (records === undefined || records < -1) throw fail(`${shown(textAt(bytes, 236, 8))} data records`);
  const duration = edfNumber(textAt(bytes, 244, 8));
  if (duration === undefined || duration < 0) throw fail(`a record duration of ${shown(textAt(bytes, 244, 8))} s`);
  const signals = parseSignals(bytes, count, width, fail);
  const recordBytes = signals.reduce((sum, { samplesPerRecord }) => sum + samplesPerRecord * width, 0);
  if (recordBytes > largestRecord) throw fail(`records of ${recordBytes} bytes`);
  return {
    kind: marked === undefined ? family : `${family}+${marked}`,
    width,
    records: records === -1 ? undefined : records,
    duration,
    recordBytes,
    headerBytes,
    signals,
    warnings,
  };
}

type Fail = (found: string, fix?: string) => AudioError;

/** Each field is stored for all signals in turn: all labels, all transducers, and so on. */
function parseSignals(bytes: Uint8Array, count: number, width: number, fail: Fail): EdfSignal[] {
  const widths = [16, 80, 8, 8, 8, 8, 8, 80, 8, 32];
  const field = (kind: number, signal: number) => {
    const before = widths.slice(0, kind).reduce((sum, one) => sum + one, 0);
    return textAt(bytes, fixedBytes + before * count + widths[kind] * signal, widths[kind]);
  };
  let offset = 0;
  return Array.from({ length: count }, (_, index): EdfSignal => {
    const label = utf8OrLatin1(field(0, index)) || `signal ${index + 1}`;
    const samplesPerRecord = wholeNumber(field(8, index));
    if (samplesPerRecord === undefined || samplesPerRecord < 0) {
      throw fail(`${shown(field(8, index))} samples per record of signal ${label}`);
    }
    const signal = {
      label,
      units: utf8OrLatin1(field(2, index)),
      physicalRange: [clean(field(3, index)), clean(field(4, index))],
      digitalRange: [clean(field(5, index)), clean(field(6, index))],
      samplesPerRecord,
      offset,
      isAnnotations: /^[EB]DF Annotations$/i.test(label),
    } as const;
    offset += samplesPerRecord * width;
    return signal;
  });
}

/**
 * A number in a header. Some devices write a decimal comma, which is accepted unless it could separate thousands.
 *
 * @returns undefined for anything else
 */
export function edfNumber(text: string): number | undefined {
  const plain = clean(text);
  if (/^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,2})?$/.test(plain)) return Number(plain);
  const isDecimal = /^[-+]?\d*,\d*$/.test(plain) && /\d/.test(plain) && !/^[-+]?[1-9]\d{0,2},\d{3}$/.test(plain);
  return isDecimal ? Number(plain.replace(',', '.')) : undefined;
}

function wholeNumber(text: string): number | undefined {
  const plain = clean(text);
  return /^[-+]?\d{1,8}$/.test(plain) ? Number(plain) : undefined;
}

/** One character per byte. */
function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

/** Without the spaces or zeros that pad a field. */
function clean(text: string): string {
  const [head] = text.split('\0', 1);
  return head.trim();
}

function utf8OrLatin1(text: string): string {
  const plain = clean(text);
  try {
    const bytes = Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
  } catch {
    return plain;
  }
}

function shown(text: string): string {
  return JSON.stringify(clean(text));
}
