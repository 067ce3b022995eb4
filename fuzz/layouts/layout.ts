/** A part of a file that says its own length: a chunk, a box, a page, a frame, an entry. */
export interface Block {
  /** What stands before its body and is not its length: a name, a header. */
  readonly head: Uint8Array;
  readonly body: Uint8Array;
  /** What it says of its length instead of the truth. */
  readonly declared?: number;
}

/** A file in blocks. */
export interface Blocks {
  /** What stands before the first block. */
  readonly prefix: Uint8Array;
  readonly blocks: readonly Block[];
}

/** A way in which files are made of blocks. */
export interface Layout {
  /** The blocks of a file, as far as it has any; undefined for one of another kind. */
  parse(bytes: Uint8Array): Blocks | undefined;
  /** The file that these blocks make, its lengths and checksums right where no block says otherwise. */
  build(file: Blocks): Uint8Array;
  /** The layout of a block's body, where that has blocks as well. */
  inside?(block: Block): Layout | undefined;
}

export function ascii(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
