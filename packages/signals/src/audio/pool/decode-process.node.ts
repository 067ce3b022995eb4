import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AudioError } from '@hearken/core';
import { errorOfMessage } from '@hearken/core/remote';
import type { DecodedAudio } from '../audio.js';
import type { CompressedFormat } from '../compressed.js';
import { maximumSamplesOf, type DecodeLimits, stoodStill } from '../decode-limits.js';
import { memorySignal, pieceBytes, type DecodeReport, type DecodeRequest } from './decode-messages.js';

/** The program of a process, and its Node.js options. */
export interface DecodeProgram {
  readonly url: URL;
  readonly execArgv?: readonly string[];
}

/** When to kill a process. */
export interface DecodeBounds {
  /** Milliseconds without a sign of life, by file size in bytes. */
  readonly silence: (bytes: number) => number;
  /** Bytes of memory of the whole process. */
  readonly memory: (bytes: number) => number;
}

/** Objects of JavaScript; arrays of samples do not count among them. */
const heapMegabytes = 1024;

/** A file being decoded. */
interface Job {
  readonly name: string;
  readonly bytes: number;
  readonly maximumSamples: number;
  readonly memory: number;
  readonly silence: number;
  readonly resolve: (audio: DecodedAudio) => void;
  readonly reject: (reason: unknown) => void;
  audio?: DecodedAudio;
  timer?: NodeJS.Timeout;
}

/** The owner's side of a process that decodes one file at a time. */
export class DecodeProcess {
  /** Resolves when the process has exited. */
  readonly exited: Promise<void>;
  #alive = true;
  readonly #child: ChildProcess;
  #job: Job | undefined;

  constructor(
    program: DecodeProgram,
    private readonly bounds: DecodeBounds,
  ) {
    this.#child = fork(fileURLToPath(program.url), [], {
      execArgv: [...(program.execArgv ?? []), `--max-old-space-size=${heapMegabytes}`],
      serialization: 'advanced',
      // Decoders print remarks about files.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#child.on('message', (report: DecodeReport) => {
      this.#hear(report);
    });
    this.exited = new Promise((resolve) => {
      this.#child.on('exit', (code, signal) => {
        this.#end(resolve, (job) => ended(job, code, signal));
      });
      this.#child.on('error', (cause) => {
        this.#end(resolve, ({ name }) =>
          failure(
            name,
            `a decoder that cannot be started (${cause.message})`,
            'check that there is enough memory',
            cause,
          ),
        );
      });
    });
    this.#rest();
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  /** The operating system's number of the process. */
  get id(): number | undefined {
    return this.#child.pid;
  }

  /** Decodes a file; one at a time. */
  async decode(bytes: Uint8Array, format: CompressedFormat, name: string, limits: DecodeLimits): Promise<DecodedAudio> {
    const { abortSignal, maximumSeconds, mixDown = false } = limits;
    const maximumSamples = maximumSamplesOf(limits);
    const size = bytes.length;
    const memory = this.bounds.memory(size);
    abortSignal?.throwIfAborted();
    const onAbort = () => {
      this.#fail(abortSignal?.reason);
    };
    abortSignal?.addEventListener('abort', onAbort);
    this.#child.ref();
    this.#child.channel?.ref();
    try {
      return await new Promise<DecodedAudio>((resolve, reject) => {
        this.#job = { name, bytes: size, maximumSamples, memory, silence: this.bounds.silence(size), resolve, reject };
        this.#wait();
        this.#send({ kind: 'decode', format, name, bytes: size, maximumSeconds, maximumSamples, mixDown, memory });
        for (let start = 0; start < size; start += pieceBytes) {
          this.#send({ kind: 'bytes', piece: bytes.subarray(start, start + pieceBytes) });
        }
      });
    } finally {
      abortSignal?.removeEventListener('abort', onAbort);
      clearTimeout(this.#job?.timer);
      this.#job = undefined;
      this.#rest();
    }
  }

  kill(): void {
    this.#alive = false;
    this.#child.kill('SIGKILL');
  }

  /** An idle process does not keep this one from exiting. */
  #rest(): void {
    this.#child.unref();
    this.#child.channel?.unref();
  }

  #send(message: DecodeRequest): void {
    // If the process is gone, its exit is what gets reported.
    this.#child.send(message, () => undefined);
  }

  #hear(report: DecodeReport): void {
    const job = this.#job;
    if (job === undefined) return;
    this.#wait();
    switch (report.kind) {
      case 'progress':
        return;
      case 'head': {
        const { channels, samples, sampleRate, mixedFrom } = report;
        if (channels * samples > job.maximumSamples) {
          this.#fail(failure(job.name, `over ${job.maximumSamples} samples`, 'cut it into shorter files'));
          return;
        }
        job.audio = {
          channels: Array.from({ length: channels }, () => new Float32Array(samples)),
          sampleRate,
          ...(mixedFrom === undefined ? {} : { mixedFrom }),
        };
        return;
      }
      case 'samples':
        job.audio?.channels[report.channel].set(report.values, report.start);
        return;
      case 'done':
        if (job.audio !== undefined) job.resolve(job.audio);
        return;
      case 'failed':
        job.reject(errorOfMessage(report.error));
    }
  }

  #wait(): void {
    const job = this.#job;
    if (job === undefined) return;
    clearTimeout(job.timer);
    job.timer = setTimeout(() => {
      this.#fail(stoodStill(job.name, job.silence));
    }, job.silence);
  }

  /** Kills the process, along with its current work. */
  #fail(reason: unknown): void {
    this.kill();
    this.#job?.reject(reason);
  }

  #end(resolve: () => void, reason: (job: Job) => AudioError): void {
    this.#alive = false;
    if (this.#job !== undefined) this.#job.reject(reason(this.#job));
    resolve();
  }
}

function ended({ name, memory }: Job, code: number | null, signal: NodeJS.Signals | null): AudioError {
  if (signal === memorySignal) {
    const found = `a file whose decoding takes over ${Math.round(memory / 2 ** 20)} MiB of memory`;
    return failure(name, found, 'cut it into shorter files, or leave it out');
  }
  const how = signal === null ? `status ${code}` : `signal ${signal}`;
  const fix = 'the file is damaged or malicious: leave it out, or convert it to WAV with a program that you trust';
  return failure(name, `a file that made its decoder exit (${how})`, fix);
}

function failure(name: string, found: string, fix: string, cause?: unknown): AudioError {
  return new AudioError({ asked: `audio of '${name}'`, found, fix, cause });
}
