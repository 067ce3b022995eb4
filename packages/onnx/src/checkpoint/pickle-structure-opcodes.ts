import { PickleFault } from './pickle-cursor.js';
import { HASH_CONTAINER_UNITS, type PickleMachine } from './pickle-machine.js';
import { isKind, isPickleDict, type PickleDict, type PickleValue } from './pickle-values.js';

/** The opcodes that move values, build containers and describe objects, by their byte (protocols 0 to 5). */
export const structureOpcodes: readonly [byte: string, name: string, run: (machine: PickleMachine) => void][] = [
  ['\x80', 'PROTO', checkProtocol],
  // Frames only help stream readers to read ahead.
  ['\x95', 'FRAME', (m) => void m.cursor.uint64()],
  ['.', 'STOP', (m) => void (m.result = m.pop())],
  ['(', 'MARK', (m) => m.mark()],
  ['0', 'POP', popValueOrMark],
  ['1', 'POP_MARK', (m) => void m.popToMark()],
  ['2', 'DUP', (m) => m.push(m.top())],

  ['q', 'BINPUT', (m) => m.memoize(m.cursor.uint8())],
  ['r', 'LONG_BINPUT', (m) => m.memoize(m.cursor.uint32())],
  ['p', 'PUT', (m) => m.memoize(memoIndex(m))],
  ['\x94', 'MEMOIZE', (m) => m.memoize(m.memo.size)],
  ['h', 'BINGET', (m) => m.recall(m.cursor.uint8())],
  ['j', 'LONG_BINGET', (m) => m.recall(m.cursor.uint32())],
  ['g', 'GET', (m) => m.recall(memoIndex(m))],

  [')', 'EMPTY_TUPLE', (m) => pushTuple(m, [])],
  ['\x85', 'TUPLE1', (m) => pushTuple(m, m.popMany(1))],
  ['\x86', 'TUPLE2', (m) => pushTuple(m, m.popMany(2))],
  ['\x87', 'TUPLE3', (m) => pushTuple(m, m.popMany(3))],
  ['t', 'TUPLE', (m) => pushTuple(m, m.popToMark())],
  [']', 'EMPTY_LIST', (m) => pushArray(m, [])],
  ['l', 'LIST', (m) => pushArray(m, m.popToMark())],
  ['a', 'APPEND', (m) => append(m, [m.pop()])],
  ['e', 'APPENDS', (m) => append(m, m.popToMark())],
  ['}', 'EMPTY_DICT', (m) => pushDict(m, [])],
  ['d', 'DICT', (m) => pushDict(m, m.popToMark())],
  ['s', 'SETITEM', (m) => setItems(m, m.popMany(2))],
  ['u', 'SETITEMS', (m) => setItems(m, m.popToMark())],
  ['\x8f', 'EMPTY_SET', (m) => pushSet(m, [])],
  ['\x90', 'ADDITEMS', (m) => append(m, m.popToMark())],
  ['\x91', 'FROZENSET', (m) => pushSet(m, m.popToMark())],

  ['c', 'GLOBAL', (m) => m.push(m.global(m.cursor.line(), m.cursor.line()))],
  ['\x93', 'STACK_GLOBAL', stackGlobal],
  ['R', 'REDUCE', reduce],
  ['\x81', 'NEWOBJ', newObject],
  ['\x92', 'NEWOBJ_EX', newObjectWithKeywords],
  ['i', 'INST', (m) => call(m, m.global(m.cursor.line(), m.cursor.line()), m.popToMark())],
  ['o', 'OBJ', callMarked],
  ['b', 'BUILD', build],
  ['P', 'PERSID', (m) => m.push(m.vocabulary.resolve(m.cursor.line()))],
  ['Q', 'BINPERSID', (m) => m.push(m.vocabulary.resolve(m.pop()))],
  ['\x82', 'EXT1', extension],
  ['\x83', 'EXT2', extension],
  ['\x84', 'EXT4', extension],
];

function checkProtocol(machine: PickleMachine): void {
  const protocol = machine.cursor.uint8();
  if (protocol > 5) throw new PickleFault(`protocol ${protocol} is newer than 5`);
}

function popValueOrMark(machine: PickleMachine): void {
  if (machine.markIsTop) machine.popToMark();
  else machine.pop();
}

function memoIndex(machine: PickleMachine): number {
  const text = machine.cursor.line();
  if (!/^\d{1,15}$/.test(text)) throw new PickleFault('a memo index is malformed');
  return Number(text);
}

function pushArray(machine: PickleMachine, items: PickleValue[]): void {
  machine.allocate(1);
  machine.push(items);
}

function pushTuple(machine: PickleMachine, items: PickleValue[]): void {
  pushArray(machine, machine.vocabulary.tuple?.(items) ?? items);
}

function pushDict(machine: PickleMachine, keysAndValues: PickleValue[]): void {
  machine.allocate(HASH_CONTAINER_UNITS);
  const dict: PickleDict = new Map();
  fill(machine, dict, keysAndValues);
  machine.push(dict);
}

function pushSet(machine: PickleMachine, items: PickleValue[]): void {
  machine.allocate(HASH_CONTAINER_UNITS + items.length);
  machine.push(new Set(items));
}

function append(machine: PickleMachine, items: PickleValue[]): void {
  const target = machine.top();
  machine.allocate(items.length);
  if (target instanceof Set) for (const item of items) target.add(item);
  else if (Array.isArray(target)) for (const item of items) target.push(item);
  else if (isKind(target, 'record')) {
    target.items ??= [];
    for (const item of items) target.items.push(item);
  } else throw new PickleFault('items are appended to something that is not a list or set');
}

function setItems(machine: PickleMachine, keysAndValues: PickleValue[]): void {
  const target = machine.top();
  if (isPickleDict(target)) fill(machine, target, keysAndValues);
  else if (isKind(target, 'record'))
    fill(machine, (target.entries ??= new Map<PickleValue, PickleValue>()), keysAndValues);
  else throw new PickleFault('items are set on something that is not a dict');
}

function fill(machine: PickleMachine, dict: PickleDict, keysAndValues: PickleValue[]): void {
  if (keysAndValues.length % 2 !== 0) throw new PickleFault('a key has no value');
  machine.allocate(keysAndValues.length / 2);
  for (let index = 0; index < keysAndValues.length; index += 2) {
    dict.set(keysAndValues[index], keysAndValues[index + 1]);
  }
}

function stackGlobal(machine: PickleMachine): void {
  const [module, name] = machine.popMany(2);
  if (typeof module !== 'string' || typeof name !== 'string') throw new PickleFault('a name is not text');
  machine.push(machine.global(module, name));
}

function reduce(machine: PickleMachine): void {
  const [callable, args] = machine.popMany(2);
  if (!Array.isArray(args)) throw new PickleFault('arguments are not a tuple');
  call(machine, callable, args);
}

function callMarked(machine: PickleMachine): void {
  const [callable, ...args] = machine.popToMark();
  if (callable === undefined) throw new PickleFault('there is no class');
  call(machine, callable, args);
}

function call(machine: PickleMachine, callable: PickleValue, args: PickleValue[]): void {
  const global = machine.asGlobal(callable);
  machine.allocate(1);
  machine.push(machine.vocabulary.apply(global, args, machine));
}

function newObject(machine: PickleMachine): void {
  const [type, args] = machine.popMany(2);
  pushInstance(machine, type, args);
}

function newObjectWithKeywords(machine: PickleMachine): void {
  const [type, args, keywords] = machine.popMany(3);
  if (!isPickleDict(keywords)) throw new PickleFault('keyword arguments are not a dict');
  pushInstance(machine, type, args, keywords);
}

function pushInstance(machine: PickleMachine, type: PickleValue, args: PickleValue, keywords?: PickleDict): void {
  const { module, name } = machine.asGlobal(type);
  if (!Array.isArray(args)) throw new PickleFault('arguments are not a tuple');
  machine.allocate(1);
  machine.noteUse({ kind: 'global', module, name }, 'instance');
  const record = { kind: 'record', module, name, args, state: null } as const;
  machine.push(keywords === undefined ? { ...record } : { ...record, keywords });
}

function build(machine: PickleMachine): void {
  const state = machine.pop();
  const target = machine.top();
  if (isKind(target, 'record')) target.state = state;
  // An OrderedDict may carry attributes (a state dict's `_metadata`).
  else if (isPickleDict(target)) machine.vocabulary.attributes?.(target, state);
  // So may a tensor; these are ignored.
  else if (!isKind(target, 'tensor')) {
    throw new PickleFault('attributes are set on something that has none');
  }
}

function extension(): never {
  throw new PickleFault("it uses Python's extension registry, which a file cannot contain");
}
