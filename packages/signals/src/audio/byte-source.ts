/** A request for bytes of a file. At the end of the file there may be fewer, or none. */
export interface ByteRange {
  /** Position of the first byte in the file. */
  readonly offset: number;
  /** Number of bytes. */
  readonly length: number;
}

/**
 * A parser that requests the bytes it needs, so that the same parser works for whole files in memory, files in a web
 * page and open files on disk: each `yield` requests a range and receives its bytes.
 */
export type ByteReader<Value> = Generator<ByteRange, Value, Uint8Array>;

/** A file whose bytes are read in pieces. */
export interface ByteSource {
  /** Size in bytes. */
  readonly size: number;
  /** The bytes of a range, fewer at the end of the file. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Runs a parser on a file that is completely in memory. */
export function readBytes<Value>(reader: ByteReader<Value>, bytes: Uint8Array): Value {
  let step = reader.next();
  while (step.done !== true) {
    const { offset, length } = step.value;
    step = reader.next(bytes.subarray(offset, offset + length));
  }
  return step.value;
}

/** Runs a parser on a file that is read in pieces. */
export async function readSource<Value>(reader: ByteReader<Value>, source: ByteSource): Promise<Value> {
  let step = reader.next();
  while (step.done !== true) {
    const { offset, length } = step.value;
    step = reader.next(await source.read(offset, length));
  }
  return step.value;
}

/** A file in a web page. */
export function blobSource(file: Blob): ByteSource {
  return {
    size: file.size,
    read: async (offset, length) => new Uint8Array(await file.slice(offset, offset + length).arrayBuffer()),
  };
}

/** The part of a source from `offset` on, as a separate source. */
export function sourceFrom(source: ByteSource, offset: number): ByteSource {
  if (offset === 0) return source;
  return {
    size: Math.max(0, source.size - offset),
    read: (start, length) => source.read(offset + start, length),
  };
}
