import { isKind, isPickleDict, type PickleRecord, type PickleValue } from './pickle-values.js';

// Which of Python's types a value has, where one of ours stands for several of them. A file that is only read needs
// none of this; a file that is written again has to keep its tuples, ordered dicts and whole floats.

/** A Python tuple; a plain array is a list. */
export class PickleTuple extends Array<PickleValue> {
  /** `map` and `filter` make plain arrays: only what was read or made as a tuple is one. */
  static override get [Symbol.species]() {
    return Array;
  }
}

/** A Python tuple of these items. */
export function pythonTuple(...items: readonly PickleValue[]): PickleTuple {
  const tuple = new PickleTuple();
  for (const item of items) tuple.push(item);
  return tuple;
}

/** A `collections.OrderedDict`, such as a state dict; a plain Map is a dict. */
export class OrderedDict extends Map<PickleValue, PickleValue> {
  /** Python attributes of the dict, such as a state dict's `_metadata`. */
  attributes?: PickleValue;
}

/**
 * A float of Python, for numbers without a fraction: `1` is written as an integer, `pythonFloat(1)` as `1.0`. Other
 * numbers are floats anyway.
 */
export function pythonFloat(value: number): PickleValue {
  if (!Number.isSafeInteger(value)) return value;
  return { kind: 'record', module: 'builtins', name: 'float', args: [value], state: null, isCall: true };
}

/** The number of a {@link pythonFloat}; undefined for anything else. */
export function pythonFloatValue(value: PickleValue): number | undefined {
  if (!isKind(value, 'record') || value.module !== 'builtins' || value.name !== 'float') return undefined;
  const [number] = value.args;
  return value.isCall === true && typeof number === 'number' ? number : undefined;
}

/** An object of a class with these attributes, as Python pickles most objects; nothing of the class runs here. */
export function pythonObject(module: string, name: string, attributes: ReadonlyMap<string, PickleValue>): PickleRecord {
  return { kind: 'record', module, name, args: [], state: new Map(attributes) };
}

/**
 * An object with further attributes.
 *
 * @param value an object as a file has it, of any class
 * @param otherwise the object that is taken if `value` is not one
 */
export function withAttributes(
  value: PickleValue | undefined,
  otherwise: PickleRecord,
  attributes: Iterable<readonly [string, PickleValue]>,
): PickleRecord {
  const object = isKind(value, 'record') && isPickleDict(value.state) ? value : otherwise;
  return { ...object, state: new Map([...(isPickleDict(object.state) ? object.state : []), ...attributes]) };
}
