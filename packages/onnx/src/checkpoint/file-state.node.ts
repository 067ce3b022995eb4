import { type FileHandle, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { CheckpointError } from '@hearken/core';
import type { ExternalGuard } from '../session/session.js';
import { openPlainFile } from '@hearken/core/node';
import { FileChangedError } from './file-changed-error.js';

/** The state of a file, which changes whenever its contents do. */
export interface FileState {
  /** Number of the device that it is on. */
  readonly dev: bigint;
  /** Number of its inode. */
  readonly ino: bigint;
  /** Size in bytes. */
  readonly size: bigint;
  /** When its content was last changed, in ns since 1970. */
  readonly mtimeNs: bigint;
  /** When its content or its metadata were last changed, in ns since 1970. */
  readonly ctimeNs: bigint;
}

/**
 * File times advance in steps of up to 10 ms (of the kernel's clock). After a change within the current step, another
 * change in the same step could not be detected.
 */
const settlesInMilliseconds = 20;

/** The state of an open file, which any later change will alter; waits a moment if the file has just changed. */
export async function settledState(handle: FileHandle): Promise<FileState> {
  const state = await handle.stat({ bigint: true });
  const age = Date.now() - Number(state.ctimeNs / 1_000_000n);
  // The wait is limited, in case this clock is behind another machine's.
  if (age < -settlesInMilliseconds || age >= settlesInMilliseconds) return state;
  await wait(settlesInMilliseconds);
  return handle.stat({ bigint: true });
}

/**
 * Ensures that several readers, each of which opens the file itself, get the same file: this process reads the header
 * and hashes it, ONNX Runtime memory-maps it by name.
 */
export class WatchedFile {
  /**
   * @param name the file's name in errors
   * @param path absolute, with links resolved
   * @param state its state when it was opened
   */
  constructor(
    readonly name: string,
    readonly path: string,
    /** Its state when it was opened. */
    readonly state: FileState,
  ) {}

  /**
   * Makes sure that the path still leads to the unchanged file.
   *
   * @throws FileChangedError if the path now leads to another file, or the file was changed in place
   */
  async checkSame(): Promise<void> {
    const now = await stat(this.path, { bigint: true }).catch(() => undefined);
    this.#check(now, ['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs']);
  }

  /**
   * Makes sure that mapped contents have not changed. A file that was replaced stays mapped unchanged; one that was
   * changed in place does not.
   *
   * @throws FileChangedError if it was changed in place
   */
  async checkMapped(): Promise<void> {
    const now = await stat(this.path, { bigint: true }).catch(() => undefined);
    if (now?.dev !== this.state.dev || now.ino !== this.state.ino) return;
    this.#check(now, ['size', 'mtimeNs']);
  }

  /** Opens it for `act`, and checks that it is the same file before and after. */
  async read<Result>(act: (handle: FileHandle) => Promise<Result>): Promise<Result> {
    const { handle } = await openPlainFile(this.path, { refuse: ({ cause }) => this.#changed(cause) });
    try {
      this.#check(await handle.stat({ bigint: true }), ['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs']);
      const result = await act(handle);
      // If only links changed (the file was renamed or replaced meanwhile), what was read is still valid.
      this.#check(await handle.stat({ bigint: true }), ['size', 'mtimeNs']);
      return result;
    } finally {
      await handle.close();
    }
  }

  /** SHA-256 in hexadecimal. */
  sha256(): Promise<string> {
    return this.read(async (handle) => {
      const hash = createHash('sha256');
      const buffer = new Uint8Array(1 << 20);
      for (let offset = 0; ;) {
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
        if (bytesRead === 0) return hash.digest('hex');
        hash.update(buffer.subarray(0, bytesRead));
        offset += bytesRead;
      }
    });
  }

  #check(now: FileState | undefined, fields: readonly (keyof FileState)[]): void {
    if (now === undefined || fields.some((field) => now[field] !== this.state[field])) throw this.#changed();
  }

  #changed(cause?: unknown): CheckpointError {
    return new FileChangedError({
      asked: this.name,
      found: 'a file that was replaced or changed while it was in use',
      fix: 'load it again once it no longer changes: an embedding must not get the hash of another file',
      cause,
    });
  }
}

/** The checks that a session makes of the files it maps. */
export function guardOf(files: readonly WatchedFile[]): ExternalGuard {
  return {
    async loaded() {
      for (const file of files) await file.checkSame();
    },
    async inUse() {
      for (const file of files) await file.checkMapped();
    },
  };
}
