import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** A child's progress, in a file that stays complete even if the child has ended. */
export interface FuzzState {
  /** Seed of the current input. */
  seed: number;
  inputs: number;
  read: number;
  refused: number;
  wrong: number;
  /** Largest resident set after an input, in bytes. */
  memory: number;
  /** Longest time for an input, in ms. */
  slowest: number;
  slowestSeed: number;
  /** Time since its first input, in ms. */
  milliseconds: number;
}

const fields = [
  'seed',
  'inputs',
  'read',
  'refused',
  'wrong',
  'memory',
  'slowest',
  'slowestSeed',
  'milliseconds',
] as const;

/** The state at the start. */
export function emptyState(): FuzzState {
  return {
    seed: -1,
    inputs: 0,
    read: 0,
    refused: 0,
    wrong: 0,
    memory: 0,
    slowest: 0,
    slowestSeed: -1,
    milliseconds: 0,
  };
}

/** A state stored in a file. */
export class StateFile {
  readonly #values = new Float64Array(fields.length);
  readonly #bytes = new Uint8Array(this.#values.buffer);
  readonly #file: number;

  constructor(path: string, mode: 'r+' | 'w+') {
    this.#file = openSync(path, mode);
  }

  write(state: FuzzState): void {
    fields.forEach((field, index) => (this.#values[index] = state[field]));
    writeSync(this.#file, this.#bytes, 0, this.#bytes.length, 0);
  }

  read(): FuzzState {
    readSync(this.#file, this.#bytes, 0, this.#bytes.length, 0);
    const state = emptyState();
    fields.forEach((field, index) => (state[field] = this.#values[index]));
    return state;
  }

  close(): void {
    closeSync(this.#file);
  }
}
