import type { Random } from '../../packages/metrics/src/random.js';
import { joinBytes } from './join-bytes.js';

/** Values that often break lengths, counts and offsets. */
const extremes = [
  0,
  1,
  2,
  3,
  7,
  8,
  16,
  64,
  127,
  128,
  255,
  256,
  1000,
  4096,
  32_767,
  32_768,
  65_535,
  65_536,
  2 ** 20,
  2 ** 24 - 1,
  2 ** 24,
  2 ** 27,
  2 ** 28,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 2,
  2 ** 32 - 1,
];

/** Magic values of formats and their parts, which are misleading inside another format. */
const magics = [
  ...['RIFF', 'RIFX', 'RF64', 'WAVE', 'fmt ', 'data', 'ds64', 'FORM', 'AIFF', 'AIFC', 'COMM', 'SSND', 'caff', 'desc'],
  ...['fLaC', 'OggS', 'OpusHead', '\u0001vorbis', 'ID3', 'TAG', 'Xing', 'Info', 'VBRI', 'LAME', 'ftyp', 'moov', 'stsz'],
  ...['mdat', '\x1aE\xdf\xa3', '\xff\xfb\x90', '\xff\xf1', '\xff\xf8', '.snd', 'NIST_1A\n', 'PK\x03\x04', '\x1f\x8b'],
  ...['\x93NUMPY', '\x80\x02', '\x80\x04\x95', 'ustar\x000', '0       ', '#!AMR', '\xef\xbb\xbf', '\xff\xfe'],
];

type Change = (bytes: Uint8Array, random: Random, donor: Uint8Array) => Uint8Array;

/** A part of a file, usually short. */
function stretch(length: number, random: Random): [start: number, end: number] {
  const start = random.integer(length + 1);
  const most = [4, 32, 512, length][random.integer(4)];
  return [start, Math.min(length, start + random.integer(most + 1))];
}

function writeInteger(bytes: Uint8Array, random: Random): Uint8Array {
  const changed = bytes.slice();
  const width = random.choice([1, 2, 4, 8]);
  if (changed.length < width) return changed;
  // The important values are in headers, usually at even offsets.
  const within = random.integer(2) === 0 ? Math.min(128, changed.length) : changed.length;
  const at = Math.max(
    0,
    Math.min(changed.length - width, random.integer(within) & (random.integer(3) === 0 ? ~0 : ~1)),
  );
  const value = random.choice(extremes);
  const view = new DataView(changed.buffer);
  const little = random.integer(2) === 0;
  if (width === 1) view.setUint8(at, value & 255);
  else if (width === 2) view.setUint16(at, value & 65_535, little);
  else if (width === 4) view.setUint32(at, value, little);
  else view.setBigUint64(at, random.integer(4) === 0 ? 2n ** 64n - 1n : BigInt(value), little);
  return changed;
}

/** Adds a small value to an existing integer: off by one, or a change of sign. */
function nudge(bytes: Uint8Array, random: Random): Uint8Array {
  const changed = bytes.slice();
  if (changed.length === 0) return changed;
  const at = random.integer(changed.length);
  changed[at] += random.choice([1, -1, 2, -2, 16, 64, 128]);
  return changed;
}

function flip(bytes: Uint8Array, random: Random): Uint8Array {
  const changed = bytes.slice();
  if (changed.length > 0) changed[random.integer(changed.length)] ^= 1 << random.integer(8);
  return changed;
}

function fill(bytes: Uint8Array, random: Random): Uint8Array {
  const changed = bytes.slice();
  const value = random.choice([0, 255, 127, 128, random.integer(256)]);
  return changed.fill(value, ...stretch(changed.length, random));
}

const noise: Change = (bytes, random) => {
  const changed = bytes.slice();
  const [start, end] = stretch(changed.length, random);
  for (let at = start; at < end; at += 1) changed[at] = random.integer(256);
  return changed;
};

const cutOff: Change = (bytes, random) =>
  random.integer(8) === 0
    ? bytes.subarray(random.integer(bytes.length + 1))
    : bytes.subarray(0, random.integer(bytes.length + 1));

const remove: Change = (bytes, random) => {
  const [start, end] = stretch(bytes.length, random);
  return joinBytes([bytes.subarray(0, start), bytes.subarray(end)]);
};

const repeat: Change = (bytes, random) => {
  const [start, end] = stretch(bytes.length, random);
  const times = random.choice([2, 2, 3, 20]);
  return joinBytes([
    bytes.subarray(0, end),
    ...Array.from({ length: times - 1 }, () => bytes.subarray(start, end)),
    bytes.subarray(end),
  ]);
};

const insertMagic: Change = (bytes, random) => {
  const magic = Uint8Array.from(random.choice(magics), (letter) => letter.charCodeAt(0));
  const at = random.choice([0, 0, bytes.length, random.integer(bytes.length + 1)]);
  const end = random.integer(2) === 0 ? at : Math.min(bytes.length, at + magic.length);
  return joinBytes([bytes.subarray(0, at), magic, bytes.subarray(end)]);
};

const splice: Change = (bytes, random, donor) => {
  const [start, end] = stretch(donor.length, random);
  const [from, to] = stretch(bytes.length, random);
  return joinBytes([
    bytes.subarray(0, from),
    donor.subarray(start, end),
    bytes.subarray(random.integer(2) === 0 ? from : to),
  ]);
};

const crossOver: Change = (bytes, random, donor) =>
  joinBytes([bytes.subarray(0, random.integer(bytes.length + 1)), donor.subarray(random.integer(donor.length + 1))]);

const changes: readonly Change[] = [
  ...[writeInteger, writeInteger, writeInteger, nudge, nudge, flip, flip, fill, noise],
  ...[cutOff, remove, repeat, insertMagic, splice, crossOver],
];

/** Changes bytes without knowing their meaning: extreme integers, bits, cuts, splices, magic values. */
export function mutateBytes(bytes: Uint8Array, random: Random, donor: Uint8Array): Uint8Array {
  return random.choice(changes)(bytes, random, donor);
}
