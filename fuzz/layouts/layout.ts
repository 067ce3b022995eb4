/** A part of a file that states its length: a chunk, box, page, frame or entry. */
export interface Block {
  /** What comes before its body apart from its length: a name, a header. */
  readonly head: Uint8Array;
  readonly body: Uint8Array;
  /** The false length that it states. */
  readonly declared?: number;
}

/** A file in blocks. */
export interface Blocks {
  /** The bytes before the first block. */
  readonly prefix: Uint8Array;
  readonly blocks: readonly Block[];
}

/** A block format. */
export interface Layout {
  /** The blocks of a file; undefined for files of another kind. */
  parse(bytes: Uint8Array): Blocks | undefined;
  /** Joins blocks to a file, with correct lengths and checksums unless a block states otherwise. */
  build(file: Blocks): Uint8Array;
  /** The layout of a block's body, if it also consists of blocks. */
  inside?(block: Block): Layout | undefined;
}

export function ascii(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
