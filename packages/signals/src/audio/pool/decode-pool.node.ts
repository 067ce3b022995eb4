import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { DecodedAudio } from '../audio.js';
import type { CompressedFormat } from '../compressed.js';
import { mostSilence, type DecodeLimits } from '../decode-limits.js';
import { DecodeProcess, type DecodeBounds, type DecodeProgram } from './decode-process.node.js';

/** Absent where the sources run and not what is built of them, and where everything is bundled into one file. */
const builtProgram: DecodeProgram = { url: new URL('./decode-child.node.js', import.meta.url) };

/** More gain little: decoding is much faster than what is done with its result. */
const mostProcesses = 4;

/** The bounds of a process: a file of some kilobytes may hold hours of silence, which lie in memory twice. */
const defaultBounds: DecodeBounds = {
  silence: mostSilence,
  memory: (bytes) => Math.min(6 * 2 ** 30, 2 * 2 ** 30 + 200 * bytes),
};

/**
 * Processes in which compressed files are decoded, each one after the other. They are started when they are needed, kept
 * for further files, and replaced when a file ends one; idle ones do not keep this process from ending, and all end with it.
 */
export class DecodePool {
  readonly #idle: DecodeProcess[] = [];
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  constructor(
    private readonly program: DecodeProgram = builtProgram,
    private readonly bounds: DecodeBounds = defaultBounds,
    private readonly most: number = Math.min(mostProcesses, availableParallelism()),
  ) {}

  /** Whether there is a program to run. */
  get isThere(): boolean {
    return existsSync(this.program.url);
  }

  /** @throws AudioError also for a file that ends its decoder, or takes too much time or memory */
  async decode(bytes: Uint8Array, format: CompressedFormat, name: string, limits: DecodeLimits): Promise<DecodedAudio> {
    while (this.#busy >= this.most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#busy += 1;
    const process = this.#take();
    try {
      return await process.decode(bytes, format, name, limits);
    } finally {
      if (process.isAlive) this.#idle.push(process);
      this.#busy -= 1;
      this.#waiting.shift()?.();
    }
  }

  /** Ends the processes that wait for a file. */
  async close(): Promise<void> {
    const idle = this.#idle.splice(0);
    for (const process of idle) process.kill();
    await Promise.all(idle.map(({ exited }) => exited));
  }

  #take(): DecodeProcess {
    for (let process = this.#idle.pop(); process !== undefined; process = this.#idle.pop()) {
      if (process.isAlive) return process;
    }
    return new DecodeProcess(this.program, this.bounds);
  }
}
