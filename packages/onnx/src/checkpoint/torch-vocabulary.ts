import { PickleFault } from './pickle-cursor.js';
import { HASH_CONTAINER_UNITS, type PickleMachine, type PickleVocabulary } from './pickle-machine.js';
import {
  isKind,
  type PickleDict,
  type PickleGlobal,
  type PickleRecord,
  type PickleTensor,
  type PickleValue,
} from './pickle-values.js';
import { readStorage } from './torch-storage-types.js';

type Constructor = (args: PickleValue[], machine: PickleMachine, global: PickleGlobal) => PickleValue;

/**
 * The constructors whose result is plain data or the location of a tensor, by module and name. `__builtin__` and
 * `copy_reg` are what protocols 0 to 2 call `builtins` and `copyreg`.
 */
const constructors: ReadonlyMap<string, Constructor> = new Map<string, Constructor>([
  ['collections.OrderedDict', (args, machine) => dictOfPairs(args[0] ?? [], machine)],
  // The first argument is the factory for missing values, which is not needed here.
  ['collections.defaultdict', (args, machine) => dictOfPairs(args[1] ?? [], machine)],
  ['torch.Size', (args) => asList(args[0] ?? [])],
  ['torch._utils._rebuild_tensor', (args) => tensorView(args)],
  ['torch._utils._rebuild_tensor_v2', (args) => tensorView(args)],
  ['torch._utils._rebuild_tensor_v3', (args) => tensorView(args, args[6])],
  ['torch._utils._rebuild_parameter', (args) => args[0] ?? null],
  ['torch._utils._rebuild_parameter_with_state', (args) => args[0] ?? null],
  ['_codecs.encode', encodedBytes],
  ...['builtins', '__builtin__'].flatMap((module): [string, Constructor][] => [
    [`${module}.set`, (args, machine) => setOf(args[0] ?? [], machine)],
    [`${module}.frozenset`, (args, machine) => setOf(args[0] ?? [], machine)],
    [`${module}.bytes`, encodedBytes],
    [`${module}.bytearray`, encodedBytes],
  ]),
  // These make an instance of the class given as first argument.
  ...['copyreg', 'copy_reg'].flatMap((module): [string, Constructor][] => [
    [`${module}._reconstructor`, instance],
    [`${module}.__newobj__`, instance],
    [`${module}.__newobj_ex__`, instance],
  ]),
]);

/**
 * How to interpret the pickles of `torch.save`: ordered dicts, tensors, storages and sizes become plain data, and every
 * other call becomes a record of the function and its arguments.
 */
export const torchVocabulary: PickleVocabulary = {
  apply(callable, args, machine) {
    const { module, name } = callable;
    if (isGetattr(callable)) return attributeOf(args, machine, callable);
    // Something that receives it as an argument, such as a map or a partial function, may call it later.
    const handedOn = args.find(isGetattr);
    if (handedOn !== undefined) machine.noteUse(handedOn, 'call');
    const constructor = constructors.get(`${module}.${name}`);
    if (constructor !== undefined) return constructor(args, machine, callable);
    machine.noteUse(callable, 'call');
    return { kind: 'record', module, name, args, state: null };
  },
  resolve: readStorage,
};

function isGetattr(value: PickleValue): value is PickleGlobal {
  return isKind(value, 'global') && value.name === 'getattr' && /^(builtins|__builtin__)$/.test(value.module);
}

/** Attributes that lead from a class or module to the system, or to everything. */
const dangerousAttribute =
  /^(__\w+__|_?(os|posix|nt|sys|subprocess|builtins|importlib|ctypes|socket|shutil|runpy)|system|popen|eval|exec|execfile)$/;

/**
 * `getattr(owner, 'name')` of a class (or of an object, for a bound method) and a plain name: the name, as plain data
 * like every other. Static methods, nested classes and functions, and the members of enumerations are pickled like
 * this.
 */
function attributeOf(args: PickleValue[], machine: PickleMachine, getattr: PickleGlobal): PickleValue {
  const [owner, attribute] = args;
  const isOwner = isKind(owner, 'global') || isKind(owner, 'record');
  const isPlain =
    args.length === 2 && typeof attribute === 'string' && /^[^\W\d]\w{0,127}$/u.test(attribute.replace(/^_/, 'x'));
  if (isOwner && isPlain && !isGetattr(owner) && !dangerousAttribute.test(attribute)) {
    return machine.global(owner.module, `${owner.name}.${attribute}`);
  }
  machine.noteUse(getattr, 'call');
  return { kind: 'record', module: getattr.module, name: getattr.name, args, state: null };
}

function instance(args: PickleValue[], machine: PickleMachine, { module, name }: PickleGlobal): PickleRecord {
  const [type, ...rest] = args;
  if (!isKind(type, 'global')) throw new PickleFault(`${module}.${name} is called without a class`);
  machine.allocate(rest.length);
  machine.noteUse(type, 'instance');
  return { kind: 'record', module: type.module, name: type.name, args: rest, state: null };
}

/** The view of a storage: `(storage, offset, size, stride, ...)`. */
function tensorView(args: PickleValue[], dataType?: PickleValue): PickleTensor {
  const [storage, offset, shape, strides] = args;
  if (!isKind(storage, 'storage') || offset === undefined || !Array.isArray(shape) || !Array.isArray(strides)) {
    throw new PickleFault('a tensor is described by something other than storage, offset, size and stride');
  }
  const view: PickleTensor = { kind: 'tensor', storage, offset, shape, strides };
  return isKind(dataType, 'global') ? { ...view, dataType: dataType.name } : view;
}

function dictOfPairs(pairs: PickleValue, machine: PickleMachine): PickleDict {
  const dict: PickleDict = new Map();
  const source = pairs instanceof Map ? [...pairs] : asList(pairs);
  machine.allocate(HASH_CONTAINER_UNITS + source.length);
  for (const pair of source) {
    if (!Array.isArray(pair) || pair.length !== 2)
      throw new PickleFault('a dict is made of something other than pairs');
    dict.set(pair[0], pair[1]);
  }
  return dict;
}

function setOf(items: PickleValue, machine: PickleMachine): Set<PickleValue> {
  const list = items instanceof Set ? [...items] : asList(items);
  machine.allocate(HASH_CONTAINER_UNITS + list.length);
  return new Set(list);
}

function asList(value: PickleValue): PickleValue[] {
  if (!Array.isArray(value)) throw new PickleFault('a list is expected');
  return value;
}

/** Protocols 0 to 2 store bytes as the Latin-1 text that encodes to them. */
function encodedBytes(args: PickleValue[], machine: PickleMachine): Uint8Array {
  const [text = '', encoding = 'latin1'] = args;
  if (text instanceof Uint8Array) return text;
  if (typeof text !== 'string' || typeof encoding !== 'string' || !/^(latin-?1|iso-?8859-1)$/i.test(encoding)) {
    throw new PickleFault('bytes are made of something other than Latin-1 text');
  }
  machine.allocate(1 + Math.ceil(text.length / 16));
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 255) throw new PickleFault('bytes are made of something other than Latin-1 text');
    bytes[index] = code;
  }
  return bytes;
}
