/**
 * The values read from a pickle: only plain data. None is null; lists and tuples are arrays; integers too large for a
 * double are bigints; bytes are a Uint8Array. Everything else is a record of what the pickle said.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | PickleDict
  | Set<PickleValue>
  | PickleGlobal
  | PickleRecord
  | PickleStorage
  | PickleTensor;

/** A Python dict. A Map, so that no key of an untrusted file can touch an object's prototype. */
export type PickleDict = Map<PickleValue, PickleValue>;

/** A name that the pickle mentions. It is never looked up. */
export interface PickleGlobal {
  /** Distinguishes a global from other values. */
  readonly kind: 'global';
  /** The module that the pickle gives for the name. */
  readonly module: string;
  /** The name itself. */
  readonly name: string;
}

/**
 * An object that the pickle describes: an instance of a class, or what a function would have returned. This is only a
 * description; neither the class nor the function ever ran.
 */
export interface PickleRecord {
  /** Distinguishes a record from other values. */
  readonly kind: 'record';
  /** The module of the class or function. */
  readonly module: string;
  /** The class or function. */
  readonly name: string;
  /** The positional arguments of the class or function. */
  readonly args: readonly PickleValue[];
  /** The keyword arguments, if any. */
  readonly keywords?: PickleDict;
  /** The state that sets the object's attributes: usually a dict of names and values. */
  state: PickleValue;
  /** The items set on the object, if its class is a kind of dict. */
  entries?: PickleDict;
  /** The items appended to the object, if its class is a kind of list or set. */
  items?: PickleValue[];
  /**
   * Whether the pickle calls the class or function; else it makes an instance of the class. Only known of values that
   * were read to be written again, see `readTorchValue`.
   */
  readonly isCall?: boolean;
}

/** The bytes of a storage that can be written. */
export interface StorageContents {
  /** Size in bytes. */
  readonly byteLength: number;
  /** Reads all of them: little-endian, as they are in the file. */
  read(): Promise<Uint8Array>;
}

/** Where a PyTorch storage is: a file of the archive, named by its key. */
export interface PickleStorage {
  /** Distinguishes a storage from other values. */
  readonly kind: 'storage';
  /** The storage's type as named in the pickle: `torch.FloatStorage`. */
  readonly type: string;
  /** The element type, named as in PyTorch: `float32`. `untyped` if the storage is counted in bytes. */
  readonly dataType: string;
  /** Bytes per element; undefined if the type is unknown. */
  readonly itemSize: number | undefined;
  /** Its file in the archive, below `data/`. */
  readonly key: string;
  /** The number of elements. */
  readonly elementCount: number;
  /** Its bytes, of a value that is to be written. */
  readonly contents?: StorageContents;
}

/** A PyTorch tensor: a view of a storage. Offset and strides count elements. */
export interface PickleTensor {
  /** Distinguishes a tensor from other values. */
  readonly kind: 'tensor';
  /** The storage that it is a view of. */
  readonly storage: PickleStorage;
  /** The element type, if it differs from the storage's. */
  readonly dataType?: string;
  /** Position of its first element in the storage, in elements. */
  readonly offset: PickleValue;
  /** Sizes of its dimensions. */
  readonly shape: readonly PickleValue[];
  /** For each dimension, the number of elements from one index to the next. */
  readonly strides: readonly PickleValue[];
  /** The call that makes it, of a value that was read to be written again: it knows hooks and gradients. */
  readonly call?: PickleRecord;
}

/** Whether a value is a dict. */
export function isPickleDict(value: PickleValue | undefined): value is PickleDict {
  return value instanceof Map;
}

/** Whether a value is one of the objects with a `kind`: a name, a record, a storage or a tensor. */
export function isPickleObject(
  value: PickleValue | undefined,
): value is PickleGlobal | PickleRecord | PickleStorage | PickleTensor {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

/** Whether a value is an object of this kind. */
export function isKind<Kind extends 'global' | 'record' | 'storage' | 'tensor'>(
  value: PickleValue | undefined,
  kind: Kind,
): value is Extract<PickleValue, { kind: Kind }> {
  return isPickleObject(value) && value.kind === kind;
}

/**
 * Follows a path into pickled data: a dict's key, a list's index, or an attribute of a recorded object
 * (`lookUp(checkpoint.metadata, 'args', 'n_cls')`).
 *
 * @returns undefined if the path doesn't exist.
 */
export function lookUp(value: PickleValue | undefined, ...path: readonly (string | number)[]): PickleValue | undefined {
  let found = value;
  for (const step of path) {
    if (found instanceof Map) found = found.get(step);
    else if (Array.isArray(found)) found = typeof step === 'number' ? found[step] : undefined;
    else if (isKind(found, 'record')) {
      const attribute: PickleValue | undefined = found.state instanceof Map ? found.state.get(step) : undefined;
      found = attribute ?? found.entries?.get(step);
    } else return undefined;
  }
  return found;
}
