import type { FileHandle } from 'node:fs/promises';

/** A field of a message: a number, or the bytes of a text or an inner message. */
export interface Field {
  readonly field: number;
  readonly value?: number;
  readonly message?: Message;
}

const windowBytes = 4096;
const mostTextBytes = 1 << 16;
/** Models have a few for each of their nodes and weights. */
const mostFields = 10_000_000;

/** Protocol-buffer messages in a file; only the requested fields are read. */
export class FileMessages {
  #window = new Uint8Array(0);
  #windowStart = 0;
  #fields = 0;

  constructor(
    private readonly handle: FileHandle,
    private readonly size: number,
  ) {}

  /** The file as one message. */
  whole(): Message {
    return new Message(this, 0, this.size);
  }

  /** Refuses files that are crafted to make parsing unbounded. */
  countField(): void {
    this.#fields += 1;
    if (this.#fields > mostFields) throw new Error(`over ${mostFields} fields`);
  }

  /** The byte at `offset`. */
  async byteAt(offset: number): Promise<number> {
    if (offset < this.#windowStart || offset >= this.#windowStart + this.#window.length) {
      this.#window = await this.bytes(offset, Math.min(windowBytes, this.size - offset));
      this.#windowStart = offset;
    }
    return this.#window[offset - this.#windowStart];
  }

  async bytes(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(length);
    const { bytesRead } = await this.handle.read(bytes, 0, length, offset);
    if (bytesRead < length || length <= 0) throw new Error(`it ends within a field, at byte ${offset}`);
    return bytes;
  }
}

/** The bytes from `start` to `end` of a file, as a message or a text. */
export class Message {
  constructor(
    private readonly file: FileMessages,
    private readonly start: number,
    private readonly end: number,
  ) {}

  /** Its fields in order; their contents are skipped. */
  async *fields(): AsyncGenerator<Field, void> {
    let at = this.start;
    while (at < this.end) {
      this.file.countField();
      const tag = await this.#varint(at);
      const [field, wireType] = [Math.floor(tag.value / 8), tag.value % 8];
      at = tag.next;
      if (field === 0) throw new Error(`no field at byte ${at}`);
      if (wireType === 0) {
        const { value, next } = await this.#varint(at);
        at = next;
        yield { field, value };
      } else if (wireType === 1 || wireType === 5) {
        at += wireType === 1 ? 8 : 4;
        yield { field };
      } else if (wireType === 2) {
        const { value: length, next } = await this.#varint(at);
        if (length > this.end - next) throw new Error(`a field of ${length} bytes at byte ${at}, beyond the end`);
        at = next + length;
        yield { field, message: new Message(this.file, next, at) };
      } else {
        throw new Error(`wire type ${wireType} at byte ${at}`);
      }
    }
  }

  /** The last number of that field. */
  async number(wanted: number): Promise<number | undefined> {
    let found: number | undefined;
    for await (const { field, value } of this.fields()) if (field === wanted) found = value;
    return found;
  }

  async message(wanted: number): Promise<Message | undefined> {
    let found: Message | undefined;
    for await (const { field, message } of this.fields()) if (field === wanted) found = message;
    return found;
  }

  async text(wanted: number): Promise<string | undefined> {
    const message = await this.message(wanted);
    if (message === undefined) return undefined;
    const length = message.end - message.start;
    if (length > mostTextBytes) throw new Error(`a name of ${length} bytes`);
    return length === 0 ? '' : new TextDecoder().decode(await this.file.bytes(message.start, length));
  }

  /** A number; in ONNX files these stay below 2 ** 53. */
  async #varint(start: number): Promise<{ value: number; next: number }> {
    let value = 0;
    for (let index = 0; index < 10; index += 1) {
      if (start + index >= this.end) throw new Error(`it ends within a number, at byte ${start}`);
      const byte = await this.file.byteAt(start + index);
      value += (byte % 128) * 2 ** (7 * index);
      if (byte < 128) return { value, next: start + index + 1 };
    }
    throw new Error(`no number at byte ${start}`);
  }
}
