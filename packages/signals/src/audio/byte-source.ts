/** Bytes of a file that a reader asks for. At the end of the file there may be fewer, or none. */
export interface ByteRange {
  /** Of the first byte, from the file's beginning. */
  readonly offset: number;
  /** How many. */
  readonly length: number;
}

/**
 * A parser that asks for the bytes it needs, so that one parser serves whole files in memory, files of a page and open
 * files on disk: each `yield` asks for a range and is answered with its bytes.
 */
export type ByteReader<Value> = Generator<ByteRange, Value, Uint8Array>;

/** A file whose bytes are read in pieces. */
export interface ByteSource {
  /** Bytes in all. */
  readonly size: number;
  /** The bytes of a range, fewer where the file ends. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** What a reader makes of a file that is in memory as a whole. */
export function readBytes<Value>(reader: ByteReader<Value>, bytes: Uint8Array): Value {
  let step = reader.next();
  while (step.done !== true) {
    const { offset, length } = step.value;
    step = reader.next(bytes.subarray(offset, offset + length));
  }
  return step.value;
}

/** What a reader makes of a file that is read in pieces. */
export async function readSource<Value>(reader: ByteReader<Value>, source: ByteSource): Promise<Value> {
  let step = reader.next();
  while (step.done !== true) {
    const { offset, length } = step.value;
    step = reader.next(await source.read(offset, length));
  }
  return step.value;
}

/** A file that a page was given. */
export function blobSource(file: Blob): ByteSource {
  return {
    size: file.size,
    read: async (offset, length) => new Uint8Array(await file.slice(offset, offset + length).arrayBuffer()),
  };
}

/** The part of a source from `offset` on, as a source of its own. */
export function sourceFrom(source: ByteSource, offset: number): ByteSource {
  if (offset === 0) return source;
  return {
    size: Math.max(0, source.size - offset),
    read: (start, length) => source.read(offset + start, length),
  };
}
