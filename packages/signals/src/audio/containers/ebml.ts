import { StreamFault } from '../stream-fault.js';

/** One element of a Matroska file (RFC 8794, section 5). */
export interface Element {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  /** Whether its size is unknown: it ends where an element begins that cannot be inside it. */
  readonly open: boolean;
}

/** Reads an element's id and size. */
export function readElement(bytes: Uint8Array, at: number, end: number): Element {
  const idLength = lengthOf(bytes[at], 4);
  if (idLength === 0 || at + idLength >= end) throw new StreamFault(`bytes that are not a Matroska element at ${at}`);
  let id = 0;
  for (let index = 0; index < idLength; index += 1) id = id * 256 + bytes[at + index];
  const { value, length } = readNumber(bytes, at + idLength, end);
  const start = at + idLength + length;
  const open = value === 2 ** (7 * length) - 1;
  if (!open && start + value > end) {
    throw new StreamFault(`a Matroska element of ${value} bytes with only ${end - start} left`);
  }
  return { id, start, end: open ? end : start + value, open };
}

/** The child elements of an element, with known sizes. */
export function* elementsIn(bytes: Uint8Array, { start, end }: Element): Generator<Element> {
  for (let at = start; at < end;) {
    const element = readElement(bytes, at, end);
    yield element;
    at = element.end;
  }
}

/** A number with its length before it (RFC 8794, section 4). */
export function readNumber(bytes: Uint8Array, at: number, end: number): { value: number; length: number } {
  const length = lengthOf(bytes[at], 8);
  if (length === 0 || at + length > end) throw new StreamFault(`a damaged number in Matroska at ${at}`);
  let value = bytes[at] & (0xff >> length);
  for (let index = 1; index < length; index += 1) value = value * 256 + bytes[at + index];
  return { value, length };
}

function lengthOf(byte: number, most: number): number {
  const length = byte > 0 ? Math.clz32(byte) - 23 : 0;
  return length <= most ? length : 0;
}

export function unsignedOf(bytes: Uint8Array, { start, end }: Element): number {
  if (end - start > 8) throw new StreamFault('a number of over 8 bytes in Matroska');
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 256 + bytes[at];
  return value;
}

export function signedOf(bytes: Uint8Array, element: Element): number {
  const bits = 8 * (element.end - element.start);
  const value = unsignedOf(bytes, element);
  return bits > 0 && value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
}

export function floatOf(bytes: Uint8Array, { start, end }: Element): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
  if (end - start === 8) return view.getFloat64(0);
  if (end - start === 4) return view.getFloat32(0);
  if (end > start) throw new StreamFault(`a float of ${end - start} bytes in Matroska`);
  return 0;
}

export function textOf(bytes: Uint8Array, { start, end }: Element): string {
  return String.fromCharCode(...bytes.subarray(start, Math.min(end, start + 256))).replace(/\0.*$/s, '');
}
