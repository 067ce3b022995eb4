import { type FileHandle, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { CheckpointError } from '@hearken/core';
import type { ExternalGuard } from '../session/session.js';
import { openPlainFile } from '@hearken/core/node';
import { FileChangedError } from './file-changed-error.js';

/** What of a file is another one once its contents are. */
export interface FileState {
  /** Number of the device that holds it. */
  readonly dev: bigint;
  /** Number of its inode. */
  readonly ino: bigint;
  /** Bytes. */
  readonly size: bigint;
  /** When its content was last changed, in ns since 1970. */
  readonly mtimeNs: bigint;
  /** When its content or its metadata were last changed, in ns since 1970. */
  readonly ctimeNs: bigint;
}

/**
 * Times of files advance in steps of up to 10 ms (of the kernel's clock): whoever looks at a file that was changed within
 * such a step could not tell a further change in it.
 */
const settlesInMilliseconds = 20;

/** The state of an open file, which any later change will change; waits for a moment where it was changed just now. */
export async function settledState(handle: FileHandle): Promise<FileState> {
  const state = await handle.stat({ bigint: true });
  const age = Date.now() - Number(state.ctimeNs / 1_000_000n);
  // A clock that runs behind another machine's is no reason to wait for long.
  if (age < -settlesInMilliseconds || age >= settlesInMilliseconds) return state;
  await wait(settlesInMilliseconds);
  return handle.stat({ bigint: true });
}

/**
 * A file that several readers must find to be the same one, although each opens it by itself: this process reads its header
 * and hashes it, ONNX Runtime maps it by its name.
 */
export class WatchedFile {
  /**
   * @param name the file, as errors name it
   * @param path absolute, with links resolved
   * @param state what it was when it was opened
   */
  constructor(
    readonly name: string,
    readonly path: string,
    /** What it was when it was opened. */
    readonly state: FileState,
  ) {}

  /**
   * Makes sure that the path still leads to the file as it was.
   *
   * @throws FileChangedError where the file of that name is another one by now, or was changed in place
   */
  async checkSame(): Promise<void> {
    const now = await stat(this.path, { bigint: true }).catch(() => undefined);
    this.#check(now, ['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs']);
  }

  /**
   * Whether what was mapped may have changed: one that was replaced stays mapped as it was, one that was changed in place
   * does not.
   *
   * @throws FileChangedError where it was changed in place
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
      // A change of links alone (the file was renamed or replaced meanwhile) leaves what was read as it was.
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
      fix: 'load it again once it stays as it is: an embedding of one file must not get the hash of another',
      cause,
    });
  }
}

/** What a session asks of the files that it maps. */
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
