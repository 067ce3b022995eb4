import { StreamFault } from '../../stream-fault.js';
import { bitLength, type VorbisBits } from './bits.js';

/** Bits decided by one table lookup; longer codes continue in the tree. */
const tableBits = 9;

/** A Huffman code of entries, and the vector of each entry (Vorbis I, section 3). */
export interface Codebook {
  readonly dimensions: number;
  /** The next entry; -1 at the end of the packet. */
  entry(reader: VorbisBits): number;
  /**
   * Adds the next entry's vector to values that are `step` apart.
   *
   * @returns false at the end of the packet
   */
  addVector(reader: VorbisBits, values: Float64Array, at: number, step: number): boolean;
}

const damaged = (what: string) => new StreamFault(`${what} in the Vorbis headers`);

export function readCodebook(reader: VorbisBits): Codebook {
  if (reader.bits(24) !== 0x564342) throw damaged('no codebook where one is expected');
  const dimensions = reader.bits(16);
  const entries = reader.bits(24);
  // The reference decoder's limit: no audio needs more, and a few bytes could ask for gigabytes.
  if (entries === 0 || bitLength(dimensions) + bitLength(entries) > 24)
    throw damaged('a codebook of an impossible size');
  const lengths = readLengths(reader, entries);
  const entry = makeDecoder(lengths);
  const lookup = reader.bits(4);
  if (lookup === 0) {
    return {
      dimensions,
      entry,
      addVector: () => {
        throw new StreamFault('a Vorbis codebook without values that is used for values');
      },
    };
  }
  if (lookup > 2 || dimensions === 0) throw damaged('a reserved codebook lookup');
  const vectors = readVectors(reader, lookup, dimensions, entries);
  return {
    dimensions,
    entry,
    addVector(bits, values, at, step) {
      const index = entry(bits);
      if (index < 0) return false;
      const from = index * dimensions;
      for (let place = 0; place < dimensions; place += 1) values[at + place * step] += vectors[from + place];
      return true;
    },
  };
}

/** The code length of each entry, 0 for unused ones. */
function readLengths(reader: VorbisBits, entries: number): Uint8Array {
  const ordered = reader.flag();
  if (!ordered && reader.left < entries) throw damaged('a codebook that ends too early');
  const lengths = new Uint8Array(entries);
  if (!ordered) {
    const sparse = reader.flag();
    for (let index = 0; index < entries; index += 1) {
      if (!sparse || reader.flag()) lengths[index] = reader.bits(5) + 1;
    }
  } else {
    let index = 0;
    for (let length = reader.bits(5) + 1; index < entries; length += 1) {
      const count = reader.bits(bitLength(entries - index));
      if (length > 32 || index + count > entries) throw damaged('a codebook with codes that are too long');
      lengths.fill(length, index, index + count);
      index += count;
    }
  }
  if (reader.over) throw damaged('a codebook that ends too early');
  return lengths;
}

function readVectors(reader: VorbisBits, lookup: number, dimensions: number, entries: number): Float32Array {
  const minimum = readFloat(reader);
  const delta = readFloat(reader);
  const bits = reader.bits(4) + 1;
  const sequence = reader.flag();
  const count = lookup === 1 ? rootOf(entries, dimensions) : entries * dimensions;
  if (reader.left < count * bits) throw damaged('a codebook that ends too early');
  const multiplicands = Array.from({ length: count }, () => reader.bits(bits));
  const vectors = new Float32Array(entries * dimensions);
  for (let entry = 0; entry < entries; entry += 1) {
    let last = 0;
    let divisor = 1;
    for (let place = 0; place < dimensions; place += 1) {
      const from = lookup === 1 ? Math.floor(entry / divisor) % count : entry * dimensions + place;
      const value = multiplicands[from] * delta + minimum + last;
      vectors[entry * dimensions + place] = value;
      if (sequence) last = value;
      divisor *= count;
    }
  }
  return vectors;
}

/** Section 9.2.2. */
function readFloat(reader: VorbisBits): number {
  const packed = reader.bits(32);
  const mantissa = packed % 2 ** 21;
  const exponent = Math.floor(packed / 2 ** 21) % 1024;
  return (packed >= 2 ** 31 ? -mantissa : mantissa) * 2 ** (exponent - 788);
}

/** The largest whole number whose power does not exceed the number of entries (section 9.2.3). */
function rootOf(entries: number, dimensions: number): number {
  let root = Math.floor(entries ** (1 / dimensions)) + 1;
  while (root ** dimensions > entries) root -= 1;
  return root;
}

/** Gives each entry the lowest free code of its length (section 3.2.1), and creates a reader for these codes. */
function makeDecoder(lengths: Uint8Array): (reader: VorbisBits) => number {
  const used = lengths.reduce((count, length) => count + (length > 0 ? 1 : 0), 0);
  if (used === 0) return () => -1;
  // A node has two places: each has another node, or -1 - entry, or 0 for nothing.
  const nodes = new Int32Array(2 * Math.max(1, used + 32));
  let nodeCount = 1;
  // The first free node of each depth, as a code; at the start, the tree's root is free.
  const free = new Float64Array(33).fill(-1);
  free[0] = 0;
  lengths.forEach((length, entry) => {
    if (length === 0) return;
    let depth = length;
    while (depth >= 0 && free[depth] < 0) depth -= 1;
    if (depth < 0) throw damaged('a codebook with too many codes');
    let code = free[depth];
    free[depth] = -1;
    for (; depth < length; depth += 1) {
      code *= 2;
      free[depth + 1] = code + 1;
    }
    let node = 0;
    for (let bit = length - 1; bit >= 0; bit -= 1) {
      const place = 2 * node + (Math.floor(code / 2 ** bit) & 1);
      if (bit === 0) nodes[place] = -1 - entry;
      else {
        if (nodes[place] === 0) {
          if (2 * nodeCount + 2 > nodes.length) throw damaged('a codebook with codes that do not end');
          nodes[place] = nodeCount;
          nodeCount += 1;
        }
        node = nodes[place];
      }
    }
  });
  // A codebook with one entry has a single code of one bit, the only tree that may be incomplete.
  if (free.some((code) => code >= 0) && used > 1) throw damaged('a codebook with unused codes');
  return reading(nodes);
}

function reading(nodes: Int32Array): (reader: VorbisBits) => number {
  const table = new Int32Array(1 << tableBits);
  const tableLengths = new Uint8Array(1 << tableBits);
  for (let code = 0; code < table.length; code += 1) {
    let node = 0;
    let length = 0;
    do {
      node = nodes[2 * node + ((code >> length) & 1)];
      length += 1;
    } while (node > 0 && length < tableBits);
    table[code] = node;
    tableLengths[code] = length;
  }
  return (reader) => {
    const code = reader.peek() & (table.length - 1);
    let node = table[code];
    reader.skip(tableLengths[code]);
    while (node > 0) node = nodes[2 * node + reader.bits(1)];
    return node === 0 || reader.over ? -1 : -1 - node;
  };
}
