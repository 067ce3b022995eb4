import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { DecodedAudio } from '../audio.js';
import type { CompressedFormat } from '../compressed.js';
import { mostSilence, type DecodeLimits } from '../decode-limits.js';
import { DecodeProcess, type DecodeBounds, type DecodeProgram } from './decode-process.node.js';

/** Absent if the sources run instead of the build, and if everything is bundled into one file. */
const builtProgram: DecodeProgram = { url: new URL('./decode-child.node.js', import.meta.url) };

/** More processes gain little: decoding is much faster than what follows. */
const mostProcesses = 4;

/** The limits of a process: a file of a few kilobytes may contain hours of silence, which are in memory twice. */
const defaultBounds: DecodeBounds = {
  silence: mostSilence,
  memory: (bytes) => Math.min(6 * 2 ** 30, 2 * 2 ** 30 + 200 * bytes),
};

/**
 * Processes that decode compressed files, one after the other each. They are started when needed, kept for further
 * files, and replaced if a file kills one. Idle ones don't keep this process from exiting, and all exit with it.
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

  /** Whether the program is available. */
  get isThere(): boolean {
    return existsSync(this.program.url);
  }

  /** @throws AudioError also for a file that kills its decoder, or takes too much time or memory */
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

  /** Ends idle processes. */
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
