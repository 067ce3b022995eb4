import type { BitReader } from '../bit-reader.js';
import { huffmanTables, tableChoices } from './huffman-tables.js';

/** Bits decided by one table lookup; longer codes continue in the tree. */
const lookBits = 9;

/** A prefix code of small numbers. */
export class PrefixCode {
  /** Two places per node: another node, or -1 - value. */
  private readonly nodes: Int32Array;
  private readonly table = new Int32Array(1 << lookBits);
  private readonly lengths = new Uint8Array(1 << lookBits);

  /** @param codes lengths in ascending order of the codes, and values; every code is used */
  constructor(codes: readonly { readonly length: number; readonly value: number }[]) {
    this.nodes = new Int32Array(2 * codes.length);
    let [count, code] = [1, 0];
    for (const { length, value } of codes) {
      let node = 0;
      for (let bit = length - 1; bit >= 0; bit -= 1) {
        const place = 2 * node + (Math.floor(code / 2 ** (19 - length + bit)) & 1);
        if (bit === 0) this.nodes[place] = -1 - value;
        else {
          if (this.nodes[place] === 0) {
            this.nodes[place] = count;
            count += 1;
          }
          node = this.nodes[place];
        }
      }
      code += 2 ** (19 - length);
    }
    for (let look = 0; look < this.table.length; look += 1) {
      let node = 0;
      let length = 0;
      do {
        length += 1;
        node = this.nodes[2 * node + ((look >> (lookBits - length)) & 1)];
      } while (node > 0 && length < lookBits);
      this.table[look] = node;
      this.lengths[look] = length;
    }
  }

  read(reader: BitReader): number {
    const look = reader.peek(lookBits);
    reader.position += this.lengths[look];
    let node = this.table[look];
    while (node > 0) node = this.nodes[2 * node + reader.bits(1)];
    return -1 - node;
  }
}

/** A code of pairs; values of 15 are extended by linear bits. */
export interface PairCode {
  readonly code: PrefixCode | undefined;
  readonly linearBits: number;
}

const codes = huffmanTables.map(
  ({ lengths, values }) =>
    new PrefixCode(
      [...lengths].map((length, index) => ({
        length: parseInt(length, 36),
        value: parseInt(values.slice(2 * index, 2 * index + 2), 16),
      })),
    ),
);

export const pairCodes: readonly PairCode[] = tableChoices.map(([table, linearBits]) => ({
  code: table < 0 ? undefined : codes[table],
  linearBits,
}));

/** The first code of quadruples (table B.7, A); the second one is four inverted bits. */
export const quadrupleCode = new PrefixCode(
  [
    [6, 11],
    [6, 15],
    [6, 13],
    [6, 14],
    [6, 7],
    [6, 5],
    [5, 9],
    [5, 6],
    [5, 3],
    [5, 10],
    [5, 12],
    [4, 2],
    [4, 1],
    [4, 4],
    [4, 8],
    [1, 0],
  ].map(([length, value]) => ({ length, value })),
);
