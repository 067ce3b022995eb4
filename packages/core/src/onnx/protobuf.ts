/** Bytes that messages are read from: in memory, or in a file that is too large to load. */
export interface ByteSource {
  readonly size: number;
  byteAt(offset: number): number;
  /** Bytes inside the source, never more than 64 KiB at once. */
  bytes(offset: number, length: number): Uint8Array;
}

/** What to do with the requested fields of a message, in the order in which they come; other fields are skipped. */
export interface FieldHandlers {
  /** For texts, bytes, packed numbers and inner messages, by field number. */
  readonly messages?: Readonly<Record<number, (message: ProtobufMessage) => unknown>>;
  /** For single integers, by field number; exact up to 2 ** 53. */
  readonly numbers?: Readonly<Record<number, (value: number) => unknown>>;
}

/** A message, or anything else that has a length. */
export interface ProtobufMessage {
  /** In bytes. */
  readonly length: number;
  /** Calls the handlers of its fields. Contents of other fields are skipped, not read. */
  eachField(handlers: FieldHandlers): void;
  /** Calls `handle` for each of its packed integers. */
  eachNumber(handle: (value: number) => void): void;
  /** Its bytes as UTF-8. */
  text(): string;
  /** Its bytes as a name, truncated, because no real one has megabytes. */
  name(): string;
}

const mostTextBytes = 1 << 16;
/** Models have a few for each of their nodes and weights. */
const mostFields = 10_000_000;

/** A source as one message. @param refuse makes the error for malformed bytes, given what was found */
export function protobufMessage(source: ByteSource, refuse: (found: string) => Error): ProtobufMessage {
  return new SourceMessage(new Reader(source, refuse), 0, source.size);
}

/** What all messages of a source share. */
class Reader {
  #fields = 0;
  /** Where the next varint begins; after reading one, where it ended. */
  position = 0;

  constructor(
    readonly source: ByteSource,
    readonly refuse: (found: string) => Error,
  ) {}

  /** Refuses files that are crafted to make parsing unbounded. */
  countField(): void {
    this.#fields += 1;
    if (this.#fields > mostFields) throw this.refuse(`over ${mostFields} fields`);
  }

  /** A signed 64-bit integer. Of a negative one, which has ten bytes, the complement is exact. */
  varint(end: number): number {
    const start = this.position;
    let [value, complement] = [0, 0];
    for (let index = 0; index < 10; index += 1) {
      if (this.position >= end) throw this.refuse(`it ends within a number, at byte ${start}`);
      const byte = this.source.byteAt(this.position++);
      if (index === 9 && byte === 1) return -1 - complement;
      value += (byte & 127) * 128 ** index;
      complement += (~byte & 127) * 128 ** index;
      if (byte < 128 && index < 9) return value;
    }
    throw this.refuse(`no number at byte ${start}`);
  }
}

/** The bytes from `start` to `end` of its source. */
class SourceMessage implements ProtobufMessage {
  constructor(
    private readonly reader: Reader,
    private readonly start: number,
    private readonly end: number,
  ) {}

  get length(): number {
    return this.end - this.start;
  }

  eachField({ messages = {}, numbers = {} }: FieldHandlers): void {
    const { reader, end } = this;
    for (let at = this.start; at < end;) {
      reader.countField();
      const refuse = (found: string) => reader.refuse(`${found} at byte ${at}`);
      reader.position = at;
      const tag = reader.varint(end);
      const [field, wireType] = [Math.floor(tag / 8), tag % 8];
      if (field < 1 || field >= 2 ** 29) throw refuse('no field');
      if (![0, 1, 2, 5].includes(wireType)) throw refuse(`wire type ${wireType}`);
      const [isNumber, isMessage] = [wireType === 0, wireType === 2];
      const onNumber = Object.hasOwn(numbers, field) ? numbers[field] : undefined;
      const onMessage = Object.hasOwn(messages, field) ? messages[field] : undefined;
      if (isNumber ? onMessage && !onNumber : isMessage && onNumber && !onMessage) {
        throw refuse(`field ${field} of another type`);
      }
      const value = isNumber || isMessage ? reader.varint(end) : 0;
      const start = reader.position;
      const length = isNumber ? 0 : isMessage ? value : wireType === 1 ? 8 : 4;
      if (length < 0 || length > end - start) throw refuse('a field beyond the end');
      at = start + length;
      if (isNumber) onNumber?.(value);
      else if (isMessage) onMessage?.(new SourceMessage(reader, start, at));
    }
  }

  eachNumber(handle: (value: number) => void): void {
    for (let at = this.start; at < this.end;) {
      this.reader.position = at;
      const value = this.reader.varint(this.end);
      at = this.reader.position;
      handle(value);
    }
  }

  text(): string {
    const bytes = this.#bytes(mostTextBytes);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw this.reader.refuse(`no UTF-8 text at byte ${this.start}`);
    }
  }

  name(): string {
    return new TextDecoder().decode(this.#bytes(4096));
  }

  /** Its first bytes, at most `most`. */
  #bytes(most: number): Uint8Array {
    const { reader, start, length } = this;
    if (length > mostTextBytes) throw reader.refuse(`a text of ${length} bytes at byte ${start}`);
    return length === 0 ? new Uint8Array(0) : reader.source.bytes(start, Math.min(most, length));
  }
}
