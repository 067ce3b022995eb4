import { StreamFault } from '../stream-fault.js';

/** One box of an MP4 or QuickTime file (ISO/IEC 14496-12, section 4.2). */
export interface Box {
  /** Four characters. */
  readonly kind: string;
  /** Where it begins, including its size field. */
  readonly at: number;
  /** Where its content begins. */
  readonly start: number;
  readonly end: number;
}

/** Real files have hundreds of boxes, nested about ten deep; fragments come in thousands. */
const mostBoxes = 2 ** 20;

/** Reads numbers from one box, never beyond its end. */
export class BoxReader {
  private readonly view: DataView;
  position: number;

  constructor(
    bytes: Uint8Array,
    readonly box: Box,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, box.end);
    this.position = box.start;
  }

  /** Remaining bytes. */
  get left(): number {
    return this.box.end - this.position;
  }

  uint8(): number {
    return this.view.getUint8(this.advance(1));
  }

  uint16(): number {
    return this.view.getUint16(this.advance(2));
  }

  uint32(): number {
    return this.view.getUint32(this.advance(4));
  }

  int32(): number {
    return this.view.getInt32(this.advance(4));
  }

  /** Exact up to 2^53, which no file reaches. */
  uint64(): number {
    return this.uint32() * 2 ** 32 + this.uint32();
  }

  int64(): number {
    return this.int32() * 2 ** 32 + this.uint32();
  }

  float64(): number {
    return this.view.getFloat64(this.advance(8));
  }

  text(length: number): string {
    return String.fromCharCode(...Array.from({ length }, () => this.uint8()));
  }

  skip(bytes: number): void {
    this.advance(bytes);
  }

  /** Version and flags, at the beginning of many boxes. */
  versioned(): { version: number; flags: number } {
    const word = this.uint32();
    return { version: word >>> 24, flags: word & 0xffffff };
  }

  /**
   * A number of entries that follow.
   *
   * @param bytes minimum size of each entry
   */
  count(bytes: number): number {
    const count = this.uint32();
    if (count * bytes > this.left) {
      throw new StreamFault(
        `a '${this.box.kind}' box that declares ${count} entries but has space for ${Math.floor(this.left / bytes)}`,
      );
    }
    return count;
  }

  private advance(bytes: number): number {
    if (this.position + bytes > this.box.end) throw new StreamFault(`a '${this.box.kind}' box that ends too early`);
    const at = this.position;
    this.position += bytes;
    return at;
  }
}

/**
 * The boxes between two positions.
 *
 * @throws StreamFault for a box that extends beyond its parent
 */
export function* boxesIn(bytes: Uint8Array, start: number, end: number): Generator<Box> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  for (let count = 0; at + 8 <= end; count += 1) {
    if (count === mostBoxes) throw new StreamFault(`over ${mostBoxes} boxes in one place`);
    let size = view.getUint32(at);
    const kind = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    let head = 8;
    if (size === 1) {
      if (at + 16 > end) throw new StreamFault(`a '${kind}' box that ends too early`);
      size = view.getUint32(at + 8) * 2 ** 32 + view.getUint32(at + 12);
      head = 16;
    } else if (size === 0) size = end - at;
    if (size < head) throw new StreamFault(`a '${kind}' box of ${size} bytes`);
    if (at + size > end) {
      throw new StreamFault(`a '${kind}' box of ${size} bytes with only ${end - at} left`);
    }
    yield { kind, at, start: at + head, end: at + size };
    at += size;
  }
}

/** The first box of a kind among others; undefined if there is none. */
export function findBox(bytes: Uint8Array, parent: Box, ...path: string[]): Box | undefined {
  let box: Box | undefined = parent;
  for (const kind of path) {
    if (box === undefined) return undefined;
    let found: Box | undefined;
    for (const child of boxesIn(bytes, box.start, box.end)) {
      if (child.kind !== kind) continue;
      found = child;
      break;
    }
    box = found;
  }
  return box;
}
