/** Number of rows per APPENDS opcode; Python's pickler has the same limit. */
const batchRows = 1000;

/**
 * Writes a pickle (protocol 4) of a list of lists of text, piece by piece, as in heareval's `target-labels.pkl`. It
 * cannot write anything else, in particular no code. Source of the format: CPython's `Lib/pickletools.py`.
 */
export class PickledRows {
  /** Texts that are already in the pickle, with their memo index. */
  readonly #memo = new Map<string, number>();

  /** The first bytes. */
  begin(): Uint8Array {
    return Uint8Array.of(0x80, 4, 0x5d);
  }

  /** The next rows. */
  rows(rows: readonly (readonly string[])[]): Uint8Array {
    const bytes: number[] = [];
    for (let start = 0; start < rows.length; start += batchRows) {
      bytes.push(0x28);
      for (const row of rows.slice(start, start + batchRows)) this.#row(row, bytes);
      bytes.push(0x65);
    }
    return Uint8Array.from(bytes);
  }

  /** The last byte. */
  end(): Uint8Array {
    return Uint8Array.of(0x2e);
  }

  #row(row: readonly string[], bytes: number[]): void {
    bytes.push(0x5d);
    if (row.length === 0) return;
    bytes.push(0x28);
    for (const text of row) this.#text(text, bytes);
    bytes.push(0x65);
  }

  #text(text: string, bytes: number[]): void {
    const known = this.#memo.get(text);
    if (known !== undefined) {
      if (known < 256) bytes.push(0x68, known);
      else bytes.push(0x6a, ...uint32(known));
      return;
    }
    const encoded = new TextEncoder().encode(text);
    if (encoded.length < 256) bytes.push(0x8c, encoded.length);
    else bytes.push(0x58, ...uint32(encoded.length));
    for (const byte of encoded) bytes.push(byte);
    bytes.push(0x94);
    this.#memo.set(text, this.#memo.size);
  }
}

function uint32(value: number): number[] {
  return [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
}
