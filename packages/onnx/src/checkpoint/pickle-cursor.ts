/** A pickle that can't be read; the machine adds the byte offset and the opcode. */
export class PickleFault extends Error {}

/** The longest line of a text opcode. */
const MAX_LINE_BYTES = 1024 * 1024;
/** The longest integer, in bytes: parsing larger ones takes quadratic time. */
const MAX_INTEGER_BYTES = 1024;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads the arguments of opcodes, one after another, from the bytes of a pickle. */
export class PickleCursor {
  position = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** The next `length` bytes, as a view. */
  bytes(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  uint8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** A 64-bit count. Counts too large for a double are far beyond the size of a pickle. */
  uint64(): number {
    const value = this.#view.getBigUint64(this.#advance(8), true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new PickleFault(`${value} is too long`);
    return Number(value);
  }

  /** A 64-bit float; pickles keep it big-endian. */
  float64(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  /** A text argument: the bytes up to the next line feed, as Latin-1. */
  line(): string {
    const limit = Math.min(this.#bytes.length, this.position + MAX_LINE_BYTES);
    const length = this.#bytes.subarray(this.position, limit).indexOf(0x0a);
    if (length < 0) throw new PickleFault('a line has no end');
    const text = latin1(this.bytes(length));
    this.position += 1;
    return text;
  }

  /** UTF-8 text of this many bytes. */
  utf8(length: number): string {
    const bytes = this.bytes(length);
    try {
      return strictUtf8.decode(bytes);
    } catch {
      throw new PickleFault('a text is not UTF-8');
    }
  }

  /** A two's complement integer of this many bytes, little-endian. */
  integer(length: number): number | bigint {
    if (length > MAX_INTEGER_BYTES) throw new PickleFault(`an integer has ${length} bytes`);
    const bytes = this.bytes(length);
    let digits = '';
    for (const byte of bytes) digits = byte.toString(16).padStart(2, '0') + digits;
    return narrowed(BigInt.asIntN(8 * length, BigInt(`0x0${digits}`)));
  }

  #advance(length: number): number {
    const start = this.position;
    if (length < 0 || length > this.#bytes.length - start) throw new PickleFault('the pickle ends here');
    this.position = start + length;
    return start;
  }
}

/** The text whose characters are these bytes. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += 8192) {
    text += String.fromCharCode(...bytes.subarray(start, start + 8192));
  }
  return text;
}

/** An integer written in decimal digits. */
export function decimalInteger(text: string): number | bigint {
  if (!/^[+-]?\d+$/.test(text) || text.length > 2 * MAX_INTEGER_BYTES) throw new PickleFault('a number is malformed');
  return narrowed(BigInt(text));
}

/** A float as Python writes it. */
export function decimalFloat(text: string): number {
  const special = /^([+-]?)(inf|nan)$/i.exec(text);
  if (special !== null) return special[2].toLowerCase() === 'nan' ? NaN : special[1] === '-' ? -Infinity : Infinity;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw new PickleFault('a number is malformed');
  return Number(text);
}

/** A string literal of Python 2, as protocol 0 writes it: quoted, with backslash escapes. */
export function quotedString(text: string): string {
  const quote = text[0];
  if (text.length < 2 || (quote !== "'" && quote !== '"') || !text.endsWith(quote)) {
    throw new PickleFault('a text is not quoted');
  }
  return text.slice(1, -1).replaceAll(/\\(x[0-9a-fA-F]{2}|.)/g, (_, escape: string) => {
    if (escape.length === 3) return String.fromCharCode(parseInt(escape.slice(1), 16));
    return ({ n: '\n', r: '\r', t: '\t' } as Record<string, string | undefined>)[escape] ?? escape;
  });
}

/** The text of protocol 0's `UNICODE`: Latin-1 with `\uXXXX` and `\UXXXXXXXX` escapes. */
export function unescapedUnicode(text: string): string {
  return text.replaceAll(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (_, short?: string, long?: string) => {
    const point = parseInt(short ?? long ?? '', 16);
    if (point > 0x10ffff) throw new PickleFault('a text names a character that does not exist');
    return String.fromCodePoint(point);
  });
}

function narrowed(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
