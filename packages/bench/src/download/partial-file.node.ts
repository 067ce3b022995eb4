import { rename, rm, stat, statfs, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FileError } from '@hearken/core';
import { checkOutput, openOutput, readPlainText, writeFileAtomic, writing } from '@hearken/core/node';
import type { Checksum } from './checksum.node.js';

/** What is known about the file that a part belongs to. */
export interface PartState {
  readonly url: string;
  /** ETag or date that identifies exactly this content; null if the server sends none that does. */
  readonly validator: string | null;
  /** Size of the whole file in bytes; null if the server does not say. */
  readonly total: number | null;
  /** The server's checksum of it. */
  readonly checksum?: Checksum;
}

/** An incomplete download: `<path>.part`, and what is known about it in `<path>.part.json`. */
export class PartialFile {
  #file: FileHandle | undefined;
  #size = 0;
  #state: PartState | undefined;

  private constructor(readonly target: string) {}

  /** Opens what is left of an earlier download of this URL; anything else is discarded by `restart`. */
  static async open(target: string, url: string): Promise<PartialFile> {
    const part = new PartialFile(target);
    const state = await readState(part.#statePath);
    if (state?.url === url && state.validator !== null) {
      part.#state = state;
      part.#size = await stat(part.path).then(
        ({ size }) => size,
        () => 0,
      );
    }
    return part;
  }

  get path(): string {
    return `${this.target}.part`;
  }

  get #statePath(): string {
    return `${this.target}.part.json`;
  }

  /** Number of bytes received so far. */
  get size(): number {
    return this.#size;
  }

  get state(): PartState | undefined {
    return this.#state;
  }

  /** Starts over with different content. */
  async restart(state: PartState): Promise<void> {
    await this.close();
    this.#state = state;
    this.#size = 0;
    await writing(this.path, async () => {
      this.#file = await openOutput(this.path);
      await this.#file.truncate(0);
    });
    await writeFileAtomic(this.#statePath, `${JSON.stringify(state)}\n`);
  }

  async append(bytes: Uint8Array): Promise<void> {
    await writing(this.path, async () => {
      this.#file ??= await openOutput(this.path, 'existing');
      for (let offset = 0; offset < bytes.length;) {
        const { bytesWritten } = await this.#file.write(bytes, offset, bytes.length - offset, this.#size);
        offset += bytesWritten;
        this.#size += bytesWritten;
      }
    });
  }

  /** @throws FileError if the disk has too little space for the rest */
  async checkRoom(): Promise<void> {
    const total = this.#state?.total ?? null;
    if (total === null) return;
    const { bavail, bsize } = await statfs(dirname(this.target));
    const needed = total - this.#size;
    if (needed <= bavail * bsize) return;
    throw new FileError({
      asked: `to download ${needed} more bytes of '${this.target}'`,
      found: `${bavail * bsize} bytes free on the disk`,
      fix: 'free some space, or choose another folder',
    });
  }

  /** Gives the complete file its name. */
  async finish(): Promise<void> {
    await writing(this.path, async () => {
      this.#file ??= await openOutput(this.path, 'existing');
      await this.#file.sync();
    });
    await this.close();
    await writing(this.target, async () => {
      await checkOutput(this.target);
      await rename(this.path, this.target);
    });
    await rm(this.#statePath, { force: true });
  }

  async discard(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
    await rm(this.#statePath, { force: true });
    this.#size = 0;
    this.#state = undefined;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }
}

async function readState(path: string): Promise<PartState | undefined> {
  try {
    const { url, validator, total, checksum } = JSON.parse(
      await readPlainText(path, { maximumBytes: 2 ** 16 }),
    ) as Partial<PartState>;
    if (typeof url !== 'string' || typeof validator !== 'string') return undefined;
    if (total !== null && !(Number.isSafeInteger(total) && total! >= 0)) return undefined;
    return { url, validator, total: total ?? null, ...(checksum === undefined ? {} : { checksum }) };
  } catch {
    return undefined;
  }
}
