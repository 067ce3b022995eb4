import { decimalFloat, decimalInteger, latin1, PickleFault, quotedString, unescapedUnicode } from './pickle-cursor.js';
import type { PickleMachine } from './pickle-machine.js';

/** One instruction of the pickle format: its name in CPython's `pickletools`, and what it does. */
export interface PickleOpcode {
  readonly name: string;
  run(machine: PickleMachine): void;
}

/** The opcodes that push one number, text or byte string, by their byte (protocols 0 to 5). */
export const literalOpcodes: readonly [byte: string, name: string, run: (machine: PickleMachine) => void][] = [
  ['N', 'NONE', (m) => m.push(null)],
  ['\x88', 'NEWTRUE', (m) => m.push(true)],
  ['\x89', 'NEWFALSE', (m) => m.push(false)],
  ['K', 'BININT1', (m) => m.push(m.cursor.uint8())],
  ['M', 'BININT2', (m) => m.push(m.cursor.uint16())],
  ['J', 'BININT', (m) => m.push(m.cursor.int32())],
  ['\x8a', 'LONG1', (m) => m.push(m.cursor.integer(m.cursor.uint8()))],
  ['\x8b', 'LONG4', (m) => m.push(m.cursor.integer(m.cursor.int32()))],
  ['G', 'BINFLOAT', (m) => pushFloat(m, m.cursor.float64())],
  ['F', 'FLOAT', (m) => pushFloat(m, decimalFloat(m.cursor.line()))],
  ['I', 'INT', pushDecimalOrBoolean],
  ['L', 'LONG', (m) => m.push(decimalInteger(m.cursor.line().replace(/L$/, '')))],
  ['X', 'BINUNICODE', (m) => m.push(m.cursor.utf8(m.cursor.uint32()))],
  ['\x8c', 'SHORT_BINUNICODE', (m) => m.push(m.cursor.utf8(m.cursor.uint8()))],
  ['\x8d', 'BINUNICODE8', (m) => m.push(m.cursor.utf8(m.cursor.uint64()))],
  ['V', 'UNICODE', (m) => m.push(unescapedUnicode(m.cursor.line()))],
  ['S', 'STRING', (m) => m.push(quotedString(m.cursor.line()))],
  // Text or bytes of Python 2; Latin-1 loses neither.
  ['T', 'BINSTRING', (m) => m.push(latin1(m.cursor.bytes(m.cursor.int32())))],
  ['U', 'SHORT_BINSTRING', (m) => m.push(latin1(m.cursor.bytes(m.cursor.uint8())))],
  ['B', 'BINBYTES', (m) => pushBytes(m, m.cursor.uint32())],
  ['C', 'SHORT_BINBYTES', (m) => pushBytes(m, m.cursor.uint8())],
  ['\x8e', 'BINBYTES8', (m) => pushBytes(m, m.cursor.uint64())],
  ['\x96', 'BYTEARRAY8', (m) => pushBytes(m, m.cursor.uint64())],
  ['\x97', 'NEXT_BUFFER', outOfBand],
  ['\x98', 'READONLY_BUFFER', outOfBand],
];

function pushFloat(machine: PickleMachine, value: number): void {
  machine.push(machine.vocabulary.float?.(value) ?? value);
}

function pushDecimalOrBoolean(machine: PickleMachine): void {
  const text = machine.cursor.line();
  // Protocol 0 writes False and True as the integers 00 and 01.
  if (text === '00' || text === '01') machine.push(text === '01');
  else machine.push(decimalInteger(text));
}

function pushBytes(machine: PickleMachine, length: number): void {
  machine.allocate(1);
  // A copy, so that keeping a few bytes does not keep the whole pickle in memory.
  machine.push(machine.cursor.bytes(length).slice());
}

function outOfBand(): never {
  throw new PickleFault('it refers to bytes outside the pickle');
}
