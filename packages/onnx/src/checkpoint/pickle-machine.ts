import { PickleFault, type PickleCursor } from './pickle-cursor.js';
import { isKind, type PickleDict, type PickleGlobal, type PickleValue } from './pickle-values.js';

/** What a reader of a certain kind of pickle knows beyond the format: which names mean plain data. */
export interface PickleVocabulary {
  /**
   * The result of applying a named class or function to arguments. The function itself does not run: known constructors
   * of plain data give that data, everything else a record.
   */
  apply(callable: PickleGlobal, args: PickleValue[], machine: PickleMachine): PickleValue;
  /** The value of a persistent id. */
  resolve(id: PickleValue): PickleValue;
  /** The value of a tuple; default: a list. */
  tuple?(items: PickleValue[]): PickleValue[];
  /** The value of a float; default: the number. */
  float?(value: number): PickleValue;
  /** Receives the attributes of a dict; default: they are ignored. */
  attributes?(dict: PickleDict, attributes: PickleValue): void;
}

/** How a pickle uses a name: mentions it, calls it as a function, or makes an instance of it as a class. */
export type PickleUse = 'mention' | 'call' | 'instance';

/** A name that a pickle uses. */
export interface UsedName {
  readonly module: string;
  readonly name: string;
  readonly use: PickleUse;
  /** The byte offset of its first use of this kind. */
  readonly offset: number;
}

// Far above what real checkpoints need (a few hundred thousand opcodes), and low enough to bound time and memory.
const MAX_OPCODES = 16_000_000;
const MAX_STACK = 1_000_000;
const MAX_MARKS = 10_000;
const MAX_MEMO = 2_000_000;
const MAX_ALLOCATIONS = 4_000_000;
/** What an empty Map or Set costs in `allocate`. */
export const HASH_CONTAINER_UNITS = 4;
const MAX_USED_NAMES = 10_000;
const MAX_NAME_LENGTH = 512;

/** The state of the stack machine that a pickle is a program for. */
export class PickleMachine {
  readonly cursor: PickleCursor;
  readonly vocabulary: PickleVocabulary;
  readonly memo = new Map<number, PickleValue>();
  readonly usedNames = new Map<string, UsedName>();
  /** The byte offset of the opcode being read. */
  opcodeOffset = 0;
  /** The value of the whole pickle, once STOP is reached. */
  result: PickleValue | undefined;
  readonly #stack: PickleValue[] = [];
  readonly #marks: number[] = [];
  #opcodes = 0;
  #allocations = 0;

  constructor(cursor: PickleCursor, vocabulary: PickleVocabulary) {
    this.cursor = cursor;
    this.vocabulary = vocabulary;
  }

  /** Begins the next opcode and returns its byte. */
  nextOpcode(): number {
    this.opcodeOffset = this.cursor.position;
    this.#opcodes += 1;
    if (this.#opcodes > MAX_OPCODES) throw new PickleFault(`the pickle has more than ${MAX_OPCODES} opcodes`);
    return this.cursor.uint8();
  }

  push(value: PickleValue): void {
    if (this.#stack.length >= MAX_STACK) throw new PickleFault(`the stack has more than ${MAX_STACK} values`);
    this.#stack.push(value);
  }

  pop(): PickleValue {
    this.#require(1);
    return this.#stack.pop() as PickleValue;
  }

  top(): PickleValue {
    this.#require(1);
    return this.#stack[this.#stack.length - 1];
  }

  /** The topmost values, in the order in which they were pushed. */
  popMany(count: number): PickleValue[] {
    this.#require(count);
    return this.#stack.splice(this.#stack.length - count, count);
  }

  mark(): void {
    if (this.#marks.length >= MAX_MARKS) throw new PickleFault(`data are nested more than ${MAX_MARKS} deep`);
    this.#marks.push(this.#stack.length);
  }

  /** Removes the topmost mark and returns the values above it. */
  popToMark(): PickleValue[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw new PickleFault('there is no mark');
    return this.#stack.splice(mark);
  }

  /** Whether a mark is topmost, with no value above it. */
  get markIsTop(): boolean {
    return this.#marks.at(-1) === this.#stack.length;
  }

  /** Counts memory about to be allocated, in units of some tens of bytes, against the limit. */
  allocate(count: number): void {
    this.#allocations += count;
    if (this.#allocations > MAX_ALLOCATIONS) throw new PickleFault('the pickle holds too many objects');
  }

  memoize(index: number): void {
    this.memo.set(index, this.top());
    if (this.memo.size > MAX_MEMO) throw new PickleFault(`the memo has more than ${MAX_MEMO} values`);
  }

  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw new PickleFault(`memo ${index} was never written`);
    this.push(value);
  }

  /** A name, as plain data like the rest. */
  global(module: string, name: string): PickleGlobal {
    if (module.length > MAX_NAME_LENGTH || name.length > MAX_NAME_LENGTH) throw new PickleFault('a name is too long');
    this.allocate(1);
    const global: PickleGlobal = { kind: 'global', module, name };
    this.noteUse(global, 'mention');
    return global;
  }

  noteUse({ module, name }: PickleGlobal, use: PickleUse): void {
    const key = `${use}\n${module}\n${name}`;
    if (this.usedNames.has(key)) return;
    if (this.usedNames.size >= MAX_USED_NAMES) throw new PickleFault(`it uses more than ${MAX_USED_NAMES} names`);
    this.usedNames.set(key, { module, name, use, offset: this.opcodeOffset });
  }

  /** The value as a name that may be applied to something. */
  asGlobal(value: PickleValue): PickleGlobal {
    if (isKind(value, 'global')) return value;
    if (isKind(value, 'record')) {
      throw new PickleFault(`it calls what ${value.module}.${value.name} would return, and nothing here runs`);
    }
    throw new PickleFault('something that is not a name is called');
  }

  #require(count: number): void {
    const floor = this.#marks.at(-1) ?? 0;
    if (this.#stack.length - count < floor) throw new PickleFault('the stack is empty');
  }
}
