import { CheckpointError } from '@hearken/core';
import {
  isPickleObject,
  type PickleGlobal,
  type PickleRecord,
  type PickleStorage,
  type PickleTensor,
  type PickleValue,
} from '../pickle-values.js';
import { latin1 } from '../pickle-cursor.js';
import { OrderedDict, PickleTuple, pythonFloatValue, pythonTuple } from '../python-types.js';
import { integerBytes, PickleBytes } from './pickle-bytes.js';

/** As deep as values may be nested; state dicts and optimizers are a few levels deep. */
const MAX_DEPTH = 500;
/** Items between two marks, as many as Python's own pickler takes. */
const BATCH = 1000;
const MAX_LONG_BYTES = 255;
const loneSurrogate = /\p{Surrogate}/u;

const builtin = (name: string): PickleGlobal => ({ kind: 'global', module: '__builtin__', name });
const orderedDict: PickleGlobal = { kind: 'global', module: 'collections', name: 'OrderedDict' };

/**
 * Writes a value as a pickle of protocol 2, with the opcodes that Python's pickler uses. Values that occur several times
 * are written once, so lists and dicts may contain themselves.
 *
 * @param keyOf the key under which a storage is written
 * @throws CheckpointError for a value that such a pickle cannot contain
 */
export function writePickle(value: PickleValue, keyOf: (storage: PickleStorage) => string): Uint8Array {
  const writer = new PickleWriter(keyOf);
  return writer.write(value);
}

class PickleWriter {
  readonly #out = new PickleBytes();
  /** Places in the memo, of objects by identity, and of texts and names by their value. */
  readonly #objects = new Map<object, number>();
  readonly #texts = new Map<string, number>();
  #memoSize = 0;
  #depth = 0;

  constructor(readonly keyOf: (storage: PickleStorage) => string) {}

  write(value: PickleValue): Uint8Array {
    this.#out.opcode('\x80');
    this.#out.uint8(2);
    this.#value(value);
    this.#out.opcode('.');
    return this.#out.finish();
  }

  #value(value: PickleValue): void {
    if (value === null) this.#out.opcode('N');
    else if (typeof value === 'boolean') this.#out.opcode(value ? '\x88' : '\x89');
    else if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'bigint') this.#integer(value);
    else if (typeof value === 'string') this.#text(value);
    else this.#object(value);
  }

  #object(value: Exclude<PickleValue, null | boolean | number | bigint | string>): void {
    const known = this.#objects.get(value);
    if (known !== undefined) {
      this.#recall(known);
      return;
    }
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw refused(`data nested more than ${MAX_DEPTH} deep`, 'save less nested data');
    if (value instanceof Uint8Array) this.#bytes(value);
    else if (value instanceof PickleTuple) this.#tuple(value, value);
    else if (Array.isArray(value)) this.#list(value);
    else if (value instanceof Map) this.#dict(value);
    else if (value instanceof Set) this.#call(builtin('set'), [[...value]], value);
    else if (isPickleObject(value)) this.#described(value);
    this.#depth -= 1;
  }

  #described(value: PickleGlobal | PickleRecord | PickleStorage | PickleTensor): void {
    switch (value.kind) {
      case 'global':
        this.#global(value);
        break;
      case 'record':
        this.#record(value);
        break;
      case 'storage':
        this.#storage(value);
        break;
      case 'tensor':
        this.#tensor(value);
    }
  }

  #number(value: number): void {
    // Larger whole numbers of Python are bigints.
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) this.#float(value);
    else if (value >= 0 && value < 256) {
      this.#out.opcode('K');
      this.#out.uint8(value);
    } else if (value >= 0 && value < 65_536) {
      this.#out.opcode('M');
      this.#out.uint16(value);
    } else if (value === (value | 0)) {
      this.#out.opcode('J');
      this.#out.uint32(value >>> 0);
    } else this.#integer(BigInt(value));
  }

  #float(value: number): void {
    this.#out.opcode('G');
    this.#out.float64(value);
  }

  #integer(value: bigint): void {
    const bytes = integerBytes(value);
    if (bytes.length > MAX_LONG_BYTES) throw refused(`an integer of ${bytes.length} bytes`, 'save smaller numbers');
    this.#out.opcode('\x8a');
    this.#out.uint8(bytes.length);
    this.#out.bytes(bytes);
  }

  #text(value: string): void {
    const key = `text ${value}`;
    const known = this.#texts.get(key);
    if (known !== undefined) {
      this.#recall(known);
      return;
    }
    if (loneSurrogate.test(value)) throw refused('text with half of a surrogate pair', 'save valid Unicode text');
    const utf8 = new TextEncoder().encode(value);
    this.#out.opcode('X');
    this.#out.uint32(utf8.length);
    this.#out.bytes(utf8);
    this.#texts.set(key, this.#memoize());
  }

  /** Protocol 2 has no opcode for bytes: they are the Latin-1 text that encodes to them. */
  #bytes(value: Uint8Array): void {
    const args = [latin1(value), 'latin1'];
    this.#call({ kind: 'global', module: '_codecs', name: 'encode' }, args, value);
  }

  #tuple(items: readonly PickleValue[], identity?: object): void {
    if (items.length === 0) {
      this.#out.opcode(')');
      return;
    }
    if (items.length > 3) this.#out.opcode('(');
    for (const item of items) this.#value(item);
    this.#out.opcode(['t', '\x85', '\x86', '\x87'][items.length > 3 ? 0 : items.length]);
    this.#memoize(identity);
  }

  #list(items: readonly PickleValue[]): void {
    this.#out.opcode(']');
    this.#memoize(items);
    this.#append(items);
  }

  #dict(dict: ReadonlyMap<PickleValue, PickleValue>): void {
    if (!(dict instanceof OrderedDict)) {
      this.#out.opcode('}');
      this.#memoize(dict);
      this.#setItems(dict);
      return;
    }
    this.#call(orderedDict, [], dict);
    this.#setItems(dict);
    if (dict.attributes !== undefined) {
      this.#value(dict.attributes);
      this.#out.opcode('b');
    }
  }

  #append(items: readonly PickleValue[]): void {
    for (let start = 0; start < items.length; start += BATCH) {
      this.#out.opcode('(');
      for (const item of items.slice(start, start + BATCH)) this.#value(item);
      this.#out.opcode('e');
    }
  }

  #setItems(dict: ReadonlyMap<PickleValue, PickleValue>): void {
    const items = [...dict];
    for (let start = 0; start < items.length; start += BATCH) {
      this.#out.opcode('(');
      for (const [key, value] of items.slice(start, start + BATCH)) {
        this.#value(key);
        this.#value(value);
      }
      this.#out.opcode('u');
    }
  }

  /** A dotted name is one inside a class, which protocol 2 writes as an attribute of it. */
  #global({ module, name }: PickleGlobal): void {
    const key = `name ${module}\n${name}`;
    const known = this.#texts.get(key);
    if (known !== undefined) {
      this.#recall(known);
      return;
    }
    const dot = name.lastIndexOf('.');
    if (dot > 0) {
      const owner: PickleGlobal = { kind: 'global', module, name: name.slice(0, dot) };
      this.#texts.set(key, this.#call(builtin('getattr'), [owner, name.slice(dot + 1)]));
      return;
    }
    if (!/^[\x21-\x7e]+$/.test(module) || !/^[\x21-\x7e]+$/.test(name)) {
      throw refused(`the name '${module}.${name}'`.slice(0, 200), 'only names in ASCII can be written');
    }
    this.#out.opcode('c');
    this.#out.bytes(new TextEncoder().encode(`${module}\n${name}\n`));
    this.#texts.set(key, this.#memoize());
  }

  #call(callable: PickleGlobal, args: readonly PickleValue[], identity?: object): number {
    this.#global(callable);
    this.#tuple(args);
    this.#out.opcode('R');
    return this.#memoize(identity);
  }

  #record(record: PickleRecord): void {
    const float = pythonFloatValue(record);
    if (float !== undefined) {
      this.#float(float);
      return;
    }
    const { module, name, args, keywords } = record;
    const type: PickleGlobal = { kind: 'global', module, name };
    if (record.isCall === true) this.#call(type, args, record);
    else if (keywords === undefined) {
      this.#global(type);
      this.#tuple(args);
      this.#out.opcode('\x81');
      this.#memoize(record);
    } else {
      const all = [type, pythonTuple(...args), keywords];
      this.#call({ kind: 'global', module: 'copyreg', name: '__newobj_ex__' }, all, record);
    }
    if (record.items !== undefined) this.#append(record.items);
    if (record.entries !== undefined) this.#setItems(record.entries);
    if (record.state !== null) {
      this.#value(record.state);
      this.#out.opcode('b');
    }
  }

  #storage(storage: PickleStorage): void {
    const { type, elementCount } = storage;
    const dot = type.lastIndexOf('.');
    const class_: PickleGlobal = { kind: 'global', module: type.slice(0, dot), name: type.slice(dot + 1) };
    // Weights of any device are read into the computer's memory.
    this.#tuple(['storage', class_, this.keyOf(storage), 'cpu', elementCount]);
    this.#out.opcode('Q');
    this.#memoize(storage);
  }

  #tensor(tensor: PickleTensor): void {
    if (tensor.call !== undefined) {
      this.#object(tensor.call);
      return;
    }
    const { storage, offset, shape, strides } = tensor;
    const args = [storage, offset, pythonTuple(...shape), pythonTuple(...strides), false, new OrderedDict()];
    this.#call({ kind: 'global', module: 'torch._utils', name: '_rebuild_tensor_v2' }, args, tensor);
  }

  /** Gives what is on the stack a place in the memo. */
  #memoize(identity?: object): number {
    const place = this.#memoSize;
    this.#memoSize += 1;
    if (place < 256) {
      this.#out.opcode('q');
      this.#out.uint8(place);
    } else {
      this.#out.opcode('r');
      this.#out.uint32(place);
    }
    if (identity !== undefined) this.#objects.set(identity, place);
    return place;
  }

  #recall(place: number): void {
    if (place < 256) {
      this.#out.opcode('h');
      this.#out.uint8(place);
    } else {
      this.#out.opcode('j');
      this.#out.uint32(place);
    }
  }
}

function refused(found: string, fix: string): CheckpointError {
  return new CheckpointError({ asked: 'to write a PyTorch checkpoint', found, fix });
}
